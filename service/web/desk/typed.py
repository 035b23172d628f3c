"""What is typed into one field, as the JSON value that it means, and back.

What cannot be read stays the text that it is: the schema then says what is wrong with it, in the
same words as to any other client.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from marshmallow import fields

from schemas.body import write
from schemas.fields import Either, Flag, Form, Number, Several, Whole
from schemas.forms import Country, MeasureName, SourceKey, Time
from schemas.geometry import Geometry
from schemas.quantity import Words
from service.domain.quantity import read_words, tidy
from service.domain.wording import say_interval

YES, NO = "yes", "no"

_BEST = re.compile(r"(?P<words>.+?),? best (?P<best>\d+(?:\.\d+)?)", re.IGNORECASE)
_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*")
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[ T]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_DECODE = msgspec.json.Decoder(float_hook=Decimal).decode


def read(field: fields.Field[Any], text: str) -> Any:
    """None where nothing was typed."""
    told = text.replace("\r\n", "\n").strip()
    if not told:
        return None
    for kind, read_one in _READERS:
        if isinstance(field, kind):
            return read_one(field, told)
    return told


def shown(value: Any) -> str:
    """What somebody would have typed for a value."""
    match value:
        case None | str():
            return value or ""
        case bool():
            return YES if value else NO
        case list():
            return ", ".join(map(shown, value))
        case {"low": low, **more} if more.keys() <= {"high", "best"}:
            return _typed_quantity(low, more.get("high"), more.get("best"))
        case {"type": "Point", "coordinates": [longitude, latitude]}:
            return f"{latitude}, {longitude}"
    return write(value).decode()


def is_quantity(field: fields.Field[Any]) -> bool:
    return isinstance(field, Either) and isinstance(field.choices[0][1], Words)


def moment(text: str) -> str:
    """`2020-03-11 17:00` is told of UTC, `2020-03-11 20:00 +03:00` of its own offset."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    hour, _, rest = found["time"].partition(":")
    time = f"{hour:0>2}:{rest}" if rest.count(":") else f"{hour:0>2}:{rest}:00"
    zone = (found["zone"] or "Z").upper()
    zone = "Z" if zone in {"UTC", "GMT"} else zone
    zone = f"{zone[:3]}:{zone[3:]}" if re.fullmatch(r"[+-]\d{4}", zone) else zone
    told = f"{found['day']}T{time}{zone}"
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return text
    return told


def key_of(name: str) -> str:
    """`The Drive` goes by the key `the-drive`; empty where a name has no Latin letter."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9._]+", "-", plain.lower()).strip("-._")[:80]


def understood(words: str) -> str:
    """What a quantity comes to: `10 to 14, best 12`. Raises ValueError for words that are none."""
    told = _quantity(words.strip())
    if isinstance(told, dict):
        return shown(told)
    quantity = read_words(told)
    low, high, best = quantity.low, quantity.high, quantity.best
    said = say_interval(tidy(low), None if high is None else tidy(high))
    return said if best is None or low == high else f"{said}, best {tidy(best)}"


def _quantity(told: str) -> Any:
    if told.startswith("{"):
        return _json(told)
    found = _BEST.fullmatch(told)
    if found is None:
        return told
    try:
        whole = read_words(found["words"])
    except ValueError:
        return told
    ends = {} if whole.high is None else {"high": tidy(whole.high)}
    return {"low": tidy(whole.low), **ends, "best": tidy(Decimal(found["best"]))}


def _typed_quantity(low: Any, high: Any, best: Any) -> str:
    if high is None:
        words = f"at least {low}"
    elif low == high:
        return str(low)
    else:
        words = f"{low} to {high}"
    return words if best is None else f"{words}, best {best}"


def _number(told: str) -> Any:
    if re.fullmatch(r"-?[0-9]{1,18}", told):
        return int(told)
    return Decimal(told) if re.fullmatch(r"-?[0-9]{1,18}\.[0-9]{1,18}", told) else told


def _place(told: str) -> Any:
    """`33.52, 44.26` is a latitude and a longitude, as maps show them; else GeoJSON."""
    found = _POINT.fullmatch(told)
    if found is None:
        return _json(told)
    return {"type": "Point", "coordinates": [_number(found[2]), _number(found[1])]}


def _json(told: str) -> Any:
    try:
        return _DECODE(told)
    except (msgspec.DecodeError, ArithmeticError, RecursionError, UnicodeError):
        return told


def _several(field: Several, told: str) -> list[Any]:
    return [read(field.inner, part) for part in re.split(r"[,\n]", told) if part.strip()]


def _either(field: Either, told: str) -> Any:
    """Words of a quantity, or what names a report: its version, or a text."""
    if is_quantity(field):
        return _quantity(told)
    return int(told) if re.fullmatch("[0-9]{1,18}", told) else told


def _key(field: Form, told: str) -> str:
    return told if field.form.fullmatch(told) else key_of(told) or told


def _measure(field: MeasureName, told: str) -> str:
    return _key(field, told).replace("-", "_") if " " in told else _key(field, told)


_READERS: tuple[tuple[type, Callable[[Any, str], Any]], ...] = (
    (Several, _several),
    (Either, _either),
    (Flag, lambda _, told: {YES: True, NO: False}.get(told, told)),
    (Whole, lambda _, told: _number(told)),
    (Number, lambda _, told: _number(told)),
    (Time, lambda _, told: moment(told)),
    (Geometry, lambda _, told: _place(told)),
    (Country, lambda _, told: told.upper()),
    (MeasureName, _measure),
    (SourceKey, _key),
)
