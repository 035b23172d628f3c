"""A worker that is told to stop at the worst moment: when granian handles signals already, and its
event loop does not run yet.
"""

import signal
import subprocess
import sys

WORKER = """
import signal
import socket

from service.commands.worker import heed_signals

tries = []
stop = heed_signals()
stop.before(lambda: tries.append("try"))
signal.signal(signal.SIGTERM, lambda *_: None)
print("handled", flush=True)
while len(tries) < 2:
    signal.pause()
print("tried", flush=True)
reader, writer = socket.socketpair()
for end in (reader, writer):
    end.setblocking(False)
signal.set_wakeup_fd(writer.fileno())
told = b""
while signal.SIGTERM not in told:
    signal.pause()
    told += reader.recv(100)
stop(signal.SIGUSR1, None)
try:
    told += reader.recv(100)
except BlockingIOError:
    pass
print(told.count(signal.SIGTERM), flush=True)
"""


def test_a_stop_that_comes_before_the_event_loop_runs_is_told_once_when_it_does():
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "handled\n", process.communicate()
        process.send_signal(signal.SIGTERM)
        told, complained = process.communicate(timeout=30)

    assert (process.returncode, complained) == (0, "")
    assert told.splitlines() == ["tried", "1"]
