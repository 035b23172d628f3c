"""What is lost on the way: both clients against a real server behind a proxy that loses answers."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from sitrep_client import NO_PATIENCE, Patience, Problem, Refused, Unavailable, Unreachable
from tests.client.asking import asking, on_both_engines
from tests.client.lossy import lossy
from tests.client.test_methods import fire
from tests.histories import killed, told
from tests.process.serving import free_port

__all__ = ["fire"]

QUICK = Patience(attempts=6, first_s=0.02, longest_s=3.0)


@pytest.fixture
def road(taji):
    with lossy(taji.server.port) as proxy:
        yield proxy


@pytest.fixture
def shaky(taji, kind, road):
    """Each client, on that road."""
    with asking(kind, road.url, key=taji.keys["editor"], patience=QUICK) as opened:
        yield opened


@on_both_engines
@pytest.mark.parametrize("answers", [1, 3])
def test_an_update_whose_answer_was_lost_is_recorded_once(client, fire, shaky, road, answers):
    road.lose(answers)
    receipt = shaky.post_update(fire, told("radio", killed(2)))

    assert (road.lost, receipt.replayed) == (answers, True)
    assert [update.update_id for update in client.updates(fire)][:-1] == [receipt.update_id]
    assert client.situation(fire).version == receipt.version == 2


@on_both_engines
def test_an_opening_whose_answer_was_lost_opens_one_incident(client, shaky, road):
    opening = {"title": f"Flood {uuid4().hex}", "kind": "disaster"}

    road.lose(1)
    opened = shaky.open_incident({**opening, "publisher": {"key": "radio", "kind": "local"}})

    found = list(client.incidents(q=opening["title"]))
    assert (road.lost, opened.replayed) == (1, True)
    assert [brief.incident for brief in found] == [opened.incident]


@on_both_engines
def test_whoever_has_no_patience_is_told_and_may_send_it_again(fire, kind, taji, road):
    update = {**told("radio", killed(2)), "update_id": str(uuid4())}

    with asking(kind, road.url, key=taji.keys["editor"], patience=NO_PATIENCE) as hasty:
        road.lose(1)
        with pytest.raises(Unreachable, match=road.url):
            hasty.post_update(fire, update)
        receipt = hasty.post_update(fire, update)

    assert (receipt.replayed, receipt.version) == (True, 2)


@on_both_engines
def test_a_stream_that_is_cut_again_and_again_tells_everything_once(client, fire, shaky, road):
    losses, heard = [], []
    for count in range(1, 9):
        client.post_update(fire, told("radio", killed(count)))

    stream = shaky.follow(fire, on_loss=losses.append)
    for wanted in (3, 6, 9):
        while len(heard) < wanted:
            heard.append(next(stream))
        road.cut()
    client.post_update(fire, told("radio", killed(9)))
    heard.append(next(stream))
    stream.close()

    assert [one.event.version for one in heard] == list(range(1, 11))
    assert [one.id for one in heard] == [str(version) for version in range(1, 11)]
    assert losses


@on_both_engines
@pytest.mark.parametrize("everything", [True, False])
def test_whoever_follows_from_now_on_hears_only_what_is_new(client, fire, shaky, everything):
    stream = shaky.follow(None if everything else fire, after="now")
    with ThreadPoolExecutor(1) as beside:
        hearing = beside.submit(next, stream)
        while not hearing.done():
            client.post_update(fire, told("radio", killed(1)))
        heard = hearing.result()
    stream.close()

    assert heard.event.incident == fire
    assert heard.event.version > 1
    assert heard.line.startswith(b'{"position":')


def test_a_server_that_never_was_there_is_told_after_some_patience(kind):
    nowhere = f"http://127.0.0.1:{free_port()}"
    with asking(kind, nowhere, patience=Patience(attempts=3, first_s=0.01)) as client:
        with pytest.raises(Unreachable, match=nowhere):
            client.situation("any")
        with pytest.raises(Unreachable, match=nowhere):
            next(client.follow("any"))


@contextmanager
def answering(*answers):
    """A server that gives these answers, one a request: (status, headers, body). It notes when."""
    left, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(time.monotonic())
            status, headers, body = left.pop(0)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


BUSY = b'{"type":"/problems/too-fast","title":"Too Many Requests","detail":"ask again"}'
GOOD = b'{"incidents":[],"next":null}'


@pytest.mark.parametrize("status", [429, 503])
def test_whoever_is_told_when_to_come_again_comes_then(kind, status):
    wait = {"Retry-After": "1"}
    with (
        answering((status, wait, BUSY), (200, {}, GOOD)) as (url, asked),
        asking(kind, url, patience=QUICK) as client,
    ):
        found = list(client.incidents())

    assert found == []
    assert asked[1] - asked[0] >= 1


def test_a_longer_wait_than_there_is_patience_for_is_left_to_the_caller(kind):
    with (
        answering((429, {"Retry-After": "3600"}, BUSY)) as (url, asked),
        asking(kind, url, patience=QUICK) as client,
        pytest.raises(Unavailable, match="ask again") as told_so,
    ):
        list(client.incidents())

    assert (len(asked), told_so.value.retry_after) == (1, 3600.0)


def test_what_will_not_pass_is_not_asked_again(kind):
    wrong = b'{"detail":"no","errors":[{"parameter":"kind","detail":"no such kind"}]}'
    with (
        answering((400, {}, wrong)) as (url, asked),
        asking(kind, url, patience=QUICK) as client,
        pytest.raises(Refused, match="kind: no such kind") as refused,
    ):
        list(client.incidents())

    assert [fault.parameter for fault in refused.value.errors] == ["kind"]
    assert len(asked) == 1


def test_another_kind_of_server_is_told_apart_from_a_sitrep(kind):
    with (
        answering((200, {}, b"<html>hello</html>"), (418, {}, b"")) as (url, _),
        asking(kind, url, patience=QUICK) as client,
    ):
        with pytest.raises(Problem, match="does not answer like a Sitrep"):
            list(client.incidents())
        with pytest.raises(Problem, match="answered 418"):
            list(client.incidents())
