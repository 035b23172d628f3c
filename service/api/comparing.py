"""Which two points a request compares."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from msgspec import structs

from schemas.fields import String
from service.api.parameters import Choice, Instant, SituationQuery, described, question, read
from service.domain.moments import read_instant
from service.store.answers import Question
from service.store.comparing import Ends

AXES = ["recorded", "published"]


class Anchor(String):
    """A version in digits, 0 being before the first, or a moment (RFC 3339)."""

    def __init__(self) -> None:
        super().__init__(
            metadata={"anyOf": [{"format": "date-time"}, {"pattern": "^[0-9]{1,18}$"}]}
        )

    def check(self, text: str) -> None:
        if re.fullmatch("[0-9]{1,18}", text) is None:
            Instant().check(text)


class ChangesQuery(SituationQuery):
    axis = described(Choice(AXES, AXES[0]), "The clock on which `from` and `to` are moments.")
    to = described(Anchor(), "A version, or a moment on the axis; the latest where it is not said.")

    class Meta(SituationQuery.Meta):
        include: ClassVar = {
            "from": described(Anchor(), "As `to`; where it is not said, before anything was known.")
        }
        exclude = ("version",)

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().omissions(posted)
        published = posted.get("axis") == "published"
        for name in ("from", "to"):
            if published and str(posted.get(name, "")).isdecimal():
                yield name, "on the axis published it is a moment, not a version"
        pin = "published_until" if published else "as_of"
        if pin in posted:
            yield pin, "the axis already has this clock: say `to`"


CHANGES = ChangesQuery()


def ends() -> Ends:
    """The two points that a request compares."""
    asked = read(CHANGES)
    axis, plain = asked.get("axis", AXES[0]), question(asked)
    start = asked.get("from")
    return Ends(
        axis=axis,
        start=None if start in {None, "0"} else _anchored(plain, axis, start),
        end=_anchored(plain, axis, asked.get("to")),
    )


def _anchored(plain: Question, axis: str, anchor: str | None) -> Question:
    if anchor is None:
        return plain
    if anchor.isdecimal():
        return structs.replace(plain, version=int(anchor))
    if axis == "published":
        return structs.replace(plain, published_until_us=read_instant(anchor))
    return structs.replace(plain, as_of_us=read_instant(anchor))
