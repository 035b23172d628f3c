"""Cursors: opaque to callers, but for the feed of a store of one lane, which counts positions."""

import base64
import binascii

from service.errors import BadParameters


def write_feed_cursor(reached: dict[int, int]) -> str:
    positions = [str(reached[lane]) for lane in sorted(reached)]
    return positions[0] if len(positions) == 1 else encoded(".".join(positions))


def read_feed_cursor(after: str | None, lanes: int) -> dict[int, int]:
    if after is None or after == "0":
        return dict.fromkeys(range(lanes), 0)
    positions = [after] if lanes == 1 else decoded(after, "after").split(".")
    reached = [number(position, "after") for position in positions]
    if len(reached) != lanes or min(reached) < 0:
        raise strange_cursor("after")
    return dict(enumerate(reached))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str, parameter: str = "cursor") -> str:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as strange:
        raise strange_cursor(parameter) from strange


def number(text: str, parameter: str = "cursor") -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise strange_cursor(parameter)
    return int(text)


def strange_cursor(parameter: str = "cursor") -> BadParameters:
    return BadParameters((parameter, "it was not given out here"))
