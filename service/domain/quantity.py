"""Quantities in numbers and in words (DOMAIN.md §4). The lexicon is data: `lexicon.json`."""

import json
import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

Words = str
Number = int | Decimal

MOST = Decimal(10) ** 12
DECIMAL_PLACES = 6


class Quantity(Struct, frozen=True, forbid_unknown_fields=True):
    """From `low` to `high`, both included; `high` None is open-ended, `best` None is not said."""

    low: Decimal
    high: Decimal | None = None
    best: Decimal | None = None


LEXICON: dict[str, Any] = json.loads(
    files("service.domain").joinpath("lexicon.json").read_text("utf-8")
)
LEXICON_VERSION: str = LEXICON["version"]

_FIGURE = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_LEAST = Decimal(1).scaleb(-DECIMAL_PLACES)


def _pattern(words: str) -> re.Pattern[str]:
    number = r"(?P<{}>\d[\d, .]*|[a-z]+(?:[- ][a-z]+)*?)"
    parts = re.split(r"\b([NM])\b", words)
    return re.compile("".join(number.format(p) if p in {"N", "M"} else re.escape(p) for p in parts))


_PHRASES = [(_pattern(words), phrase) for phrase in LEXICON["phrases"] for words in phrase["words"]]


_SAID = [words for phrase in LEXICON["phrases"] for words in phrase["words"]]
USUAL_PHRASES = ("at least 2", "about 12", "3 to 5", "several", "none", "unknown")


def amount(quantity: Quantity | Words) -> Quantity:
    """What was posted, as numbers. Raises ValueError for words the lexicon lacks or impossible
    bounds.
    """
    return read_words(quantity) if isinstance(quantity, str) else checked(quantity)


@lru_cache(maxsize=4096)
def read_words(words: Words) -> Quantity:
    """The interval that the lexicon gives for `words`."""
    text = " ".join(words.lower().split())
    for pattern, phrase in _PHRASES:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        numbers = {name: _number(part) for name, part in found.groupdict().items()}
        if None not in numbers.values():
            return checked(_interval(phrase, numbers))
    raise ValueError(
        f"no quantity in the lexicon reads {words!r}; write for example 'at least 2', "
        "'about 15', '3 to 5', 'several', 'none', 'unknown', or {\"low\": 2}"
    )


def phrases_near(words: Words) -> tuple[str, ...]:
    """Phrases of the lexicon that resemble what it does not read, the nearest first, with the
    numbers that were typed.
    """
    numbers = re.findall(r"\d[\d,.]*", words)
    known = [_with_numbers(phrase, numbers) for phrase in _SAID]
    near = get_close_matches(" ".join(words.lower().split()), known, n=3, cutoff=0.45)
    return tuple(filter(_is_read, near)) or USUAL_PHRASES


def _is_read(words: Words) -> bool:
    try:
        read_words(words)
    except ValueError:
        return False
    return True


def _with_numbers(phrase: Words, numbers: Sequence[str]) -> Words:
    first = numbers[0] if numbers else "12"
    second = numbers[1] if len(numbers) > 1 else "15"
    return re.sub(r"\bM\b", second, re.sub(r"\bN\b", first, phrase))


def checked(quantity: Quantity) -> Quantity:
    """The same quantity, or ValueError where it is impossible: `0 <= low <= best <= high`."""
    low, high, best = quantity.low, quantity.high, quantity.best
    for name, value in (("low", low), ("high", high), ("best", best)):
        if value is None:
            continue
        if not value.is_finite() or value < 0 or value > MOST:
            raise ValueError(f"{name} must lie between 0 and {MOST}")
        if value != value.quantize(_LEAST):
            raise ValueError(f"{name} has more than {DECIMAL_PLACES} decimal places")
    if high is not None and low > high:
        raise ValueError(f"low {low} lies above high {high}")
    if best is not None and (best < low or (high is not None and best > high)):
        raise ValueError(f"best {best} lies outside low–high")
    return quantity


def is_whole(quantity: Quantity) -> bool:
    """Whether every given number is a whole one, as counts of people must be."""
    return all(
        value is None or value == value.to_integral_value()
        for value in (quantity.low, quantity.high, quantity.best)
    )


def tidy(value: Decimal) -> Number:
    """A whole number as an integer, so that JSON shows `3` and never `3.0`."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def _interval(phrase: dict[str, Any], numbers: dict[str, Decimal | None]) -> Quantity:
    best = phrase.get("best")
    if around := phrase.get("around"):
        middle = numbers["N"] or Decimal(0)
        share = middle * around["percent"] / 100
        low = min((middle - share).to_integral_value(ROUND_FLOOR), middle - around["at_least"])
        high = max((middle + share).to_integral_value(ROUND_CEILING), middle + around["at_least"])
        return Quantity(max(low, Decimal(0)), high, middle)
    return Quantity(
        _term(phrase["low"], numbers),
        None if phrase["high"] is None else _term(phrase["high"], numbers),
        None if best is None else _term(best, numbers),
    )


def _term(term: str, numbers: dict[str, Decimal | None]) -> Decimal:
    name, _, plus = term.partition("+")
    value = numbers.get(name)
    return (Decimal(name) if value is None else value) + Decimal(plus or 0)


def _may_follow(held: int, unit: int) -> bool:
    """Whether a number word may be added: `five` after nothing, `twenty` or `two hundred`."""
    after_tens = held % 100 in range(20, 100, 10) and unit < 10
    return held == 0 or after_tens or (held >= 100 and held % 100 == 0)


def _number(text: str) -> Decimal | None:
    """A figure with thousands separators, or words such as `two dozen` or `twenty-five`."""
    if _FIGURE.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    total = held = 0
    units, scales = LEXICON["units"], LEXICON["scales"]
    words = text.replace("-", " ").split()
    for index, word in enumerate(words):
        if word in units and _may_follow(held, units[word]):
            held += units[word]
        elif word in scales and (held > 0 or index == 0):
            held = max(held, 1) * scales[word]
            if scales[word] >= 1000:
                total, held = total + held, 0
        else:
            return None
    return None if words in (["a"], ["an"]) else Decimal(total + held)
