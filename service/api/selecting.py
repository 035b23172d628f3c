"""Which incidents to list: the parameters of the list, as the API and the front page take them."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from schemas.fields import Form, String, Word
from schemas.forms import DATE, MONTH, TIMESTAMP, Slug, Time
from service.api.parameters import Instant, Listed, Numeral, PageQuery, described, moment_us
from service.domain.boxes import Box, box
from service.domain.lifecycle import IncidentKind, Status
from service.domain.moments import read_span
from service.domain.words import sought
from service.store.answers import Selection
from service.store.ranking import SORTS

LONGEST_QUERY = 400
MOST_PEOPLE = 10**9
KINDS = tuple(IncidentKind)
FAMILIES = tuple(dict.fromkeys(kind.partition(".")[0] for kind in KINDS if "." in kind))
"""`attack` stands for every `attack.…`."""

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?", re.ASCII)
_LIMITS = (180, 90, 180, 90)


class Sought(String):
    """Words to look for."""

    def __init__(self) -> None:
        super().__init__(metadata={"minLength": 1, "maxLength": LONGEST_QUERY})

    def check(self, text: str) -> None:
        if len(text) > LONGEST_QUERY:
            raise ValidationError(f"must be at most {LONGEST_QUERY} characters")
        try:
            sought(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong


class AnyCountry(Form):
    form = re.compile(r"^[A-Za-z]{2}$")
    wanted = "must be a country as two letters (ISO 3166-1 alpha-2)"


class Bounding(String):
    """West, south, east, north in degrees (RFC 7946 §5)."""

    def __init__(self) -> None:
        number = r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?"
        super().__init__(
            metadata={"pattern": f"^{number}(,{number}){{3}}$", "example": "41.5,33,45,36"}
        )

    def check(self, text: str) -> None:
        sides = text.split(",")
        if len(sides) != 4 or any(_DEGREES.fullmatch(side) is None for side in sides):
            raise ValidationError("must be four numbers: west,south,east,north")
        west, south, east, north = (Decimal(side) for side in sides)
        for side, limit in zip((west, south, east, north), _LIMITS, strict=True):
            if abs(side) > limit:
                raise ValidationError(f"must have {side} between -{limit} and {limit}")
        if south > north:
            raise ValidationError("must not have its south above its north")


def _window() -> Time:
    return Time(read_span, [TIMESTAMP, DATE, MONTH], required=False)


class ListQuery(PageQuery):
    q = described(
        Sought(),
        "Words that are all told of the incident, in whichever of its updates; "
        '`"words in quotes"` follow one another, `rock*` is how a word begins. '
        "Case and accents do not count. Not found: what was retracted or is withheld.",
    )
    kind = described(
        Listed(Word([*FAMILIES, *KINDS])), "Of one of these kinds; `attack` is every `attack.…`."
    )
    status = described(Listed(Word(list(Status))), "In one of these states.")
    country = described(
        Listed(AnyCountry()), "A standing place lies in one of these countries (ISO 3166-1)."
    )
    bbox = described(
        Bounding(),
        "`west,south,east,north`: the box around a standing place's geometry meets this one. "
        "West above east crosses the antimeridian.",
    )
    occurred_from = described(_window(), "It may have happened then or later.")
    occurred_to = described(_window(), "It may have happened by then; a date counts whole.")
    updated_since = described(Instant(), "An update was recorded then or later.")
    min_killed = described(Numeral(0, MOST_PEOPLE), "At least so many killed (`killed.low`).")
    linked_to = described(
        Slug(), "It has a link to this incident. Links of that incident to others do not count."
    )
    as_of = described(
        Instant(), "The list as we knew it then: its figures, its filters, what had been told."
    )
    sort = described(
        Word(list(SORTS)),
        "The latest opened first (`opened`, the default), the latest updated, the latest to have "
        "happened, or the most killed.",
    )

    def contradictions(self, loaded: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().contradictions(loaded)
        if "occurred_from" in loaded and "occurred_to" in loaded:
            first = read_span(loaded["occurred_from"]).first_us
            if read_span(loaded["occurred_to"]).last_us < first:
                yield "occurred_to", "lies before occurred_from"


LIST = ListQuery()


def selection(asked: dict[str, Any]) -> Selection:
    """What the parameters select, the same however they are written."""
    begins, ends = asked.get("occurred_from"), asked.get("occurred_to")
    return Selection(
        words=sought(asked["q"]) if "q" in asked else (),
        kinds=_sorted(kind for named in asked.get("kind", ()) for kind in _kinds(named)),
        statuses=_sorted(asked.get("status", ())),
        countries=_sorted(country.upper() for country in asked.get("country", ())),
        bbox=box_of(asked["bbox"]) if "bbox" in asked else None,
        occurred_from_us=None if begins is None else read_span(begins).first_us,
        occurred_to_us=None if ends is None else read_span(ends).last_us,
        updated_since_us=moment_us(asked, "updated_since"),
        min_killed=asked.get("min_killed"),
        linked_to=asked.get("linked_to"),
        as_of_us=moment_us(asked, "as_of"),
        sort=asked.get("sort", "opened"),
    )


def _kinds(named: str) -> Iterator[str]:
    for kind in KINDS:
        if kind == named or kind.startswith(f"{named}."):
            yield kind.value


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def box_of(text: str) -> Box:
    west, south, east, north = (Decimal(side) for side in text.split(","))
    return box(west, south, east, north)
