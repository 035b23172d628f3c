"""Ctrl-C is how a command without an end is ended, and nothing went wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGINT

ENDED = 128 + SIGINT
"""What shells say of a program that a signal ended."""


@contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(ENDED) from None
