"""What is known of an incident already, to be offered where it may be meant again."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from service.api.access import store
from service.domain.report import Origin
from service.domain.situation import Situation
from service.errors import NotFound
from service.store.answers import UpdateRecord
from service.store.ledger import Turn
from service.web import words
from service.web.incident import situation_in

UPDATES_READ = 200
SOURCES_OFFERED = 200


class Source(NamedTuple):
    """A publisher or an origin that told something here before."""

    key: str
    name: str | None
    kind: str | None
    kind_other: str | None = None


class Known(NamedTuple):
    """`updates` are the last ones, the newest first; `held` is None where there is no incident
    yet. Sources of the incident come before those of others.
    """

    held: Situation | None = None
    updates: Sequence[UpdateRecord] = ()
    publishers: tuple[Source, ...] = ()
    origins: tuple[Source, ...] = ()

    def source(self, place: str, key: str, name: str) -> Source | None:
        """Who is meant at `/publisher` or under a report: by the key, else by the name."""
        told = self.publishers if place == "/publisher" else (*self.origins, *self.publishers)
        if key:
            return next((one for one in told if one.key == key), None)
        wanted = name.casefold()
        names = ((one, {one.key, (one.name or one.key).casefold()}) for one in told)
        return next((one for one, called in names if wanted in called), None)

    def offered(self) -> dict[str, list[str]]:
        """Earlier values by the list that a field names."""
        held = self.held
        lists = {
            "known-publishers": [one.name or one.key for one in self.publishers],
            "known-origins": [one.name or one.key for one in (*self.origins, *self.publishers)],
        }
        if held is not None:
            lists |= {
                "known-measures": list(held.overview.measures),
                "known-responses": [one.response for one in held.responses],
                "known-figures": words.figures(held),
                "known-subjects": [one.subject for one in held.attribution.lines],
                "known-actors": sorted({one.actor for one in held.responses if one.actor}),
            }
        return {name: list(dict.fromkeys(values)) for name, values in lists.items() if values}


def known_of(incident: str | None) -> Known:
    """What is known of no incident yet, where there is none."""
    turn = Turn(None, SOURCES_OFFERED)
    publishers = [*map(_source, store().publishers(turn).publishers)]
    origins = [*map(_source, store().origins(turn).origins)]
    held: Situation | None = None
    told: Sequence[UpdateRecord] = ()
    if incident is not None:
        try:
            held = situation_in(store().now(incident))
            told = (
                store().updates(incident, cursor=None, limit=UPDATES_READ, ascending=False).updates
            )
        except NotFound:
            held = None
    if held is not None:
        publishers = [*map(_source, held.publishers), *publishers]
        origins = [*_origins(told), *origins]
    return Known(held, told, tuple(publishers), tuple(origins))


def plain(told: Any) -> Any:
    """A part of a record that may still be bytes."""
    return msgspec.json.decode(told) if isinstance(told, msgspec.Raw) else told


def _origins(told: Sequence[UpdateRecord]) -> Iterator[Source]:
    """The last word on each comes first."""
    for update in told:
        for one in update.reports:
            report = plain(one.report)
            if report and report.get("origin"):
                yield _source(msgspec.convert(report["origin"], Origin))


def _source(one: Any) -> Source:
    return Source(one.key, one.name, one.kind, getattr(one, "kind_other", None))
