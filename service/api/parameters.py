"""Query parameters: read strictly, unknown ones named (API.md, Reading)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from flask import current_app, request
from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from schemas.envelope import GREATEST_VERSION
from schemas.faults import faults_in
from schemas.fields import Several, Text, Whole, Word
from schemas.forms import Slug, SourceKey, Time
from schemas.shape import Shape
from service.api.access import is_desk
from service.domain.moments import read_instant
from service.domain.policies import Policy
from service.domain.reports import EVENT_NAMES
from service.domain.standing import Origins
from service.errors import BadParameters
from service.store.answers import Question

MOST = 1000
USUAL = 100
MOST_LEFT_OUT = 100
LONGEST_CURSOR = 8000
MOST_ON_A_PAGE = "SITREP_MAX_PAGE"
"""The key in the application's configuration: what this store gives at once, at most MOST."""

NEXT = "The `next` of the page before."

AField = TypeVar("AField", bound=fields.Field[Any])

_LOST_PLUS = re.compile(r".* \d\d:\d\d")


class Query(Shape):
    """The parameters of one operation. A list is given by repeating its parameter."""

    noun = "parameter"

    def on_bind_field(self, _: str, field_obj: fields.Field[Any]) -> None:
        super().on_bind_field(_, field_obj)
        field_obj.allow_none = False


def read(query: Query, sent: MultiDict[str, str] | None = None) -> dict[str, Any]:
    """The request's parameters, or others that were `sent` within it. Raises BadParameters with
    everything that is wrong.
    """
    if sent is None and not request.query_string and not query.required:
        return {}
    given: dict[str, Any] = {}
    twice = []
    for name, values in (request.args if sent is None else sent).lists():
        repeatable = isinstance(query.fields.get(name), Several)
        given[name] = values if repeatable else values[0]
        if len(values) > 1 and not repeatable:
            twice.append((name, "given more than once"))
    try:
        loaded: dict[str, Any] = query.load(given)
    except ValidationError as wrong:
        faults = [
            (name, fault.detail)
            for name, messages in wrong.messages_dict.items()
            for fault in faults_in(messages)
        ]
        raise BadParameters(*faults, *twice) from wrong
    if twice:
        raise BadParameters(*twice)
    return loaded


class Numeral(Whole):
    """A whole number in decimal digits."""

    def __init__(
        self, least: int, most: int, *, default: int | None = None, required: bool = False
    ) -> None:
        super().__init__(least, most, required=required)
        self.metadata = {} if default is None else {"default": default}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if re.fullmatch("[0-9]{1,19}", value) is None:
            raise ValidationError("must be a whole number")
        return int(value)


class Instant(Time):
    """RFC 3339 with offset; hints at the plus that a query string turns into a space."""

    def __init__(self) -> None:
        super().__init__(read_instant, [{"format": "date-time"}], required=False)

    def check(self, text: str) -> None:
        try:
            super().check(text)
        except ValidationError as wrong:
            if _LOST_PLUS.fullmatch(text) is None:
                raise
            hint = f"{wrong.messages[0]}; write the + of an offset as %2B"
            raise ValidationError(hint) from wrong


class Choice(Word):
    """One word of a vocabulary, of which one is meant where none is said."""

    def __init__(self, vocabulary: Iterable[str], usual: str) -> None:
        super().__init__(vocabulary)
        self.metadata = {"default": str(usual)}


class Some(Several):
    """Keys of publishers or origins."""

    def __init__(self) -> None:
        super().__init__(SourceKey(), most=MOST_LEFT_OUT)


class YesNo(Word):
    """`true` or `false`, as text."""

    def __init__(self) -> None:
        super().__init__(["true", "false"])
        self.metadata = {"default": "false"}


class Listed(Several):
    """Values that are repeated or parted by commas."""

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> list[Any]:
        named = [name for given in value for name in given.split(",")]
        return super()._deserialize(named, *place, **options)


class EventTypes(Listed):
    """Names of events."""

    def __init__(self) -> None:
        super().__init__(Word(sorted(EVENT_NAMES.values())))


def described(field: AField, description: str) -> AField:
    field.metadata = {**field.metadata, "description": description}
    return field


class Nothing(Query):
    """No parameter at all."""


class SituationQuery(Query):
    as_of = described(Instant(), "What we knew then: only what was recorded by this moment.")
    published_until = described(Instant(), "What the world had published by this moment.")
    version = described(Numeral(1, GREATEST_VERSION), "The record as it was at this version.")
    without_publisher = described(Some(), "Leave out what this publisher said.")
    without_origin = described(Some(), "Leave out what this origin says.")
    policy = described(Choice(Policy, Policy.COMPATIBLE), "How a headline figure is chosen.")
    origins = described(
        Choice(Origins, Origins.ALL), "Whose word counts; acts of the desk always do."
    )

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().omissions(posted)
        if "version" in posted and "as_of" in posted:
            yield "as_of", "cannot go with version: each pins the record to a point of its own"


class ComparableQuery(SituationQuery):
    compare = described(YesNo(), "Also what differs from the plain answer: `changes`.")


class ExplainQuery(SituationQuery):
    path = described(
        Text(2000, required=True), "A part of the situation, such as `casualties.killed`."
    )
    limit = Numeral(1, MOST, default=USUAL)
    cursor = described(Text(LONGEST_CURSOR), NEXT)


class TimeMapQuery(SituationQuery):
    limit = Numeral(1, MOST, default=MOST)
    cursor = described(Text(LONGEST_CURSOR), "Of the page before; its link has it.")

    class Meta(SituationQuery.Meta):
        exclude = ("version", "as_of")


class PageQuery(Query):
    limit = Numeral(1, MOST, default=USUAL)
    cursor = described(Text(LONGEST_CURSOR), NEXT)


class PublishersQuery(PageQuery):
    q = described(SourceKey(), "Only keys that begin so.")
    origin = described(SourceKey(), "Only those that passed this origin on, as far as they did.")


class OriginsQuery(PageQuery):
    q = described(SourceKey(), "Only keys that begin so.")
    publisher = described(SourceKey(), "Only those that it passed on, as far as it did.")


class KeyUsesQuery(PageQuery):
    key = described(Text(80), "Only what was done with the key of this name.")


class UpdatesQuery(PageQuery):
    order = described(Word(["asc", "desc"]), "By time of recording; `desc` where it is not said.")


class EventsQuery(Query):
    after_version = described(Numeral(0, GREATEST_VERSION, default=0), "Events after this one.")
    type = described(EventTypes(), "Only events of these types.")
    limit = Numeral(1, MOST, default=USUAL)
    cursor = described(Numeral(0, GREATEST_VERSION), NEXT)

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().omissions(posted)
        if "cursor" in posted and "after_version" in posted:
            yield "cursor", "stands for after_version; give one of the two"


class FeedQuery(Query):
    after = described(Text(LONGEST_CURSOR), "Events after this cursor: a `cursor` that was given.")
    types = described(EventTypes(), "Only events of these types.")
    incident = described(Slug(), "Only events of this incident.")
    limit = Numeral(1, MOST, default=USUAL)
    cursor = described(Text(LONGEST_CURSOR), NEXT)

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().omissions(posted)
        if "cursor" in posted and "after" in posted:
            yield "cursor", "stands for after; give one of the two"


NOTHING = Nothing()
SITUATION = SituationQuery()
COMPARABLE = ComparableQuery()
EXPLAIN = ExplainQuery()
TIMEMAP = TimeMapQuery()
PAGE = PageQuery()
PUBLISHERS = PublishersQuery()
ORIGINS = OriginsQuery()
KEY_USES = KeyUsesQuery()
UPDATES = UpdatesQuery()
EVENTS = EventsQuery()
FEED = FeedQuery()


def page_size(asked: Mapping[str, Any], usual: int = USUAL) -> int:
    """How many things a page has, as the request asks. Raises BadParameters for more than this
    store gives at once.
    """
    most: int = current_app.config[MOST_ON_A_PAGE]
    wanted: int = asked.get("limit", min(usual, most))
    if wanted > most:
        raise BadParameters(("limit", f"must be at most {most} in this store"))
    return wanted


def refuse_parameters() -> None:
    """For operations that take none."""
    read(NOTHING)


def question(asked: Mapping[str, Any] | None = None) -> Question:
    """Bounds, trust and policy, as the request asks them, or as they were read from it."""
    if asked is None:
        asked = read(SITUATION)
    return Question(
        as_of_us=moment_us(asked, "as_of"),
        published_until_us=moment_us(asked, "published_until"),
        version=asked.get("version"),
        without_publishers=tuple(asked.get("without_publisher", ())),
        without_origins=tuple(asked.get("without_origin", ())),
        origins=Origins(asked.get("origins", Origins.ALL)),
        policy=Policy(asked.get("policy", Policy.COMPATIBLE)),
        compare=asked.get("compare") == "true",
        desk=is_desk(),
    )


def moment_us(asked: Mapping[str, Any], name: str) -> int | None:
    """A parameter that is an instant, where the request has it."""
    text = asked.get(name)
    return None if text is None else read_instant(text)
