"""The posted bytes as JSON values, and back. Numbers are integers and Decimals, never floats."""

from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from service.errors import Malformed

DEEPEST = 32

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_AS_POSTED = msgspec.json.Encoder(decimal_format="number")
_SORTED = msgspec.json.Encoder(decimal_format="number", order="sorted")


def read_object(body: bytes, deepest: int = DEEPEST) -> dict[str, Any]:
    """The posted object. Raises Malformed where there is none, or one that is nested deeper."""
    posted = _read(body)
    if not isinstance(posted, dict):
        raise Malformed("the body must be a JSON object")
    if _is_deeper(posted, deepest):
        raise Malformed(f"the body is nested deeper than {deepest} levels")
    return posted


def write(posted: Any) -> bytes:
    """The same JSON, compact, keys in their order."""
    return _AS_POSTED.encode(posted)


def write_sorted(posted: Any) -> bytes:
    """One form for equal JSON values, whatever the order of their keys."""
    return _SORTED.encode(posted)


def _read(body: bytes) -> Any:
    if not body:
        raise Malformed("the body is empty")
    try:
        return _DECODER.decode(body)
    except UnicodeDecodeError as broken:
        raise Malformed("the body is not UTF-8") from broken
    except InvalidOperation as broken:
        raise Malformed("a number in the body has an impossible exponent") from broken
    except RecursionError as broken:
        raise Malformed(f"the body is nested deeper than {DEEPEST} levels") from broken
    except msgspec.DecodeError as broken:
        raise Malformed(f"the body is not JSON: {broken}") from broken


def _is_deeper(posted: dict[str, Any], deepest: int) -> bool:
    level: list[Any] = [posted]
    for _ in range(deepest):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True
