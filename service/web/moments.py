"""Which moment of an incident a page shows, and which one it is compared with."""

from typing import Any, NamedTuple

from msgspec import structs

from service.api.comparing import Anchor
from service.api.parameters import SituationQuery, described, question, read
from service.domain.moments import read_instant, write_instant
from service.domain.policies import Policy
from service.domain.situation import Situation
from service.domain.standing import Origins
from service.store.answers import Question
from service.store.comparing import Ends


class MomentQuery(SituationQuery):
    since = described(Anchor(), "Compared with a version (digits), or a time of publication.")


MOMENT = MomentQuery()


class Shown(NamedTuple):
    """What a page was asked to show; `since` as the address has it."""

    question: Question
    since: str | None = None

    @property
    def is_now(self) -> bool:
        asked = self.question
        return asked.version is None and asked.as_of_us is None and asked.published_until_us is None

    @property
    def trust(self) -> dict[str, Any]:
        """The parameters that say whom to believe, as they are needed to ask again."""
        asked = self.question
        return {
            "without_publisher": asked.without_publishers,
            "without_origin": asked.without_origins,
            "origins": None if asked.origins is Origins.ALL else asked.origins.value,
            "policy": None if asked.policy is Policy.COMPATIBLE else asked.policy.value,
        }

    @property
    def parameters(self) -> dict[str, Any]:
        """All that the situation is asked by."""
        asked = self.question
        moments = {"as_of": asked.as_of_us, "published_until": asked.published_until_us}
        written = {name: us and write_instant(us) for name, us in moments.items()}
        return {"version": asked.version, **written, **self.trust}

    def compared(self, held: Situation) -> "Compared | None":
        """The two points whose difference is shown; `held` is what the question came to."""
        if self.since is None:
            return None
        if self.since.isdecimal():
            version = int(self.since)
            other = structs.replace(self.question, version=version, as_of_us=None)
            ends = Ends(axis="recorded", start=other if version else None, end=self.question)
            is_later = version > held.version
        else:
            moment_us = read_instant(self.since)
            other = structs.replace(self.question, published_until_us=moment_us)
            ends = Ends(axis="published", start=other, end=self.question)
            until = held.published_until
            is_later = until is not None and moment_us > read_instant(until)
        if is_later and ends.start is not None:
            ends = structs.replace(ends, start=ends.end, end=ends.start)
        return Compared(ends, is_later)


class Compared(NamedTuple):
    """`is_later`: the other point comes after the moment shown, and the difference goes there."""

    ends: Ends
    is_later: bool


def shown() -> Shown:
    """What the request asks a page to show. Raises BadParameters."""
    asked = read(MOMENT)
    return Shown(question(asked), asked.get("since"))
