"""The Memento protocol (RFC 7089): an incident as it was recorded, by the time a client names.

An incident's URI is the Original Resource and its own TimeGate, which answers `Accept-Datetime` by
302 to a memento with a URI of its own (§4.1.1; docs/adr/0006 has the reasons). `version` and
`as_of` pin an answer to a moment: such a URI is a memento and answers itself, whatever
`Accept-Datetime` says. The other parameters ask another question of the same record; the URI of
each question has mementos, a TimeGate and a TimeMap of its own, which keep those parameters.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.http import http_date

from service.api.access import store
from service.api.addresses import root
from service.api.parameters import COMPARABLE, question, read
from service.api.representations import NO_CACHE, known_version, situation
from service.domain.moments import SECOND_US
from service.errors import Malformed
from service.store.answers import Memento, Neighbours, Question

LINK_FORMAT = "application/link-format"
VARY = ("Vary", "Accept-Datetime")
NOT_ASKED = {"version", "as_of", "limit", "cursor"}
"""Parameters that choose among the answers to a question, and are no part of it."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_HTTP_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT",
    re.ASCII,
)


class Uris:
    """The absolute URIs of one incident, for the question that the request asks."""

    def __init__(self, incident: str) -> None:
        self._incident = _plain(incident)
        given = request.args.items(multi=True)
        self._asked = [pair for pair in given if pair[0] not in NOT_ASKED]

    def original(self) -> str:
        return self._with(self._incident)

    def memento(self, memento: Memento) -> str:
        return self._with(self._incident, version=memento.version)

    def timemap(self, **page: object) -> str:
        return self._with(f"{self._incident}/timemap", **page)

    def constant(self) -> str:
        """The links that every answer about the incident has."""
        return _constant(self.original(), self.timemap())

    def _with(self, uri: str, **more: object) -> str:
        said: list[tuple[str, object]] = [*self._asked, *more.items()]
        return f"{uri}?{urlencode(said)}" if said else uri


def situation_of(incident: str) -> Response:
    """The situation now or inside the asked bounds, or the way to the memento of a time."""
    wanted = request.environ.get("HTTP_ACCEPT_DATETIME")
    if wanted is None and not request.query_string:
        uri = _plain(incident)
        links = _constant(uri, f"{uri}/timemap")
        return situation(
            store().now(incident, known_version()), incident, more=[VARY, ("Link", links)]
        )
    uris = Uris(incident)
    asked = question(read(COMPARABLE))
    if asked.version is not None or asked.as_of_us is not None:
        return _memento(incident, uris, asked)
    if wanted is not None:
        return _redirect(uris, store().memento(incident, _end_of_second(wanted)))
    answer = store().situation(incident, asked)
    return situation(answer, incident, more=[VARY, link_header([uris.constant()])])


def _memento(incident: str, uris: Uris, asked: Question) -> Response:
    """What is pinned; as a memento once it can never change, which is what the header promises."""
    answer = store().situation(incident, asked)
    is_own = answer.incident == incident
    if answer.recorded_us is None or not answer.immutable or not is_own:
        return situation(answer, incident, more=[link_header([uris.constant()])])
    around = store().memento(incident, answer.recorded_us, answer.version)
    links = _placed(uris, first=around.first, prev=around.previous, next=around.next)
    return situation(
        answer,
        incident,
        more=[
            ("Memento-Datetime", written(around.shown)),
            link_header([uris.constant(), *links]),
        ],
    )


def _redirect(uris: Uris, around: Neighbours) -> Response:
    """The TimeGate's answer. It has no Memento-Datetime, since it is no memento (§4.1.1)."""
    links = _placed(
        uris,
        first=around.first,
        prev=around.previous,
        chosen=around.shown,
        next=around.next,
        last=around.last,
    )
    headers = [
        ("Location", uris.memento(around.shown)),
        ("Cache-Control", NO_CACHE),
        VARY,
        link_header([uris.constant(), *links]),
    ]
    return Response(status=302, headers=headers)


def _placed(uris: Uris, **places: Memento | None) -> list[str]:
    """One link for each memento, whatever number of places it has."""
    rels: dict[Memento, list[str]] = {}
    for rel, memento in places.items():
        if memento is not None:
            rels.setdefault(memento, []).extend([] if rel == "chosen" else [rel])
    return [memento_link(uris, memento, told) for memento, told in rels.items()]


def memento_link(uris: Uris, memento: Memento, rels: Iterable[str]) -> str:
    return link_to(uris.memento(memento), " ".join([*rels, "memento"]), datetime=written(memento))


def link_to(uri: str, rel: str, **attributes: str) -> str:
    told = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    return f'<{uri}>; rel="{rel}"{told}'


def link_header(links: Iterable[str]) -> tuple[str, str]:
    return "Link", ", ".join(links)


def written(memento: Memento) -> str:
    return http_date(memento.recorded_us // SECOND_US)


def _end_of_second(text: str) -> int:
    """The last microsecond of an `rfc1123-date` (§2.1.1): a second's last update is in it.

    The name of the day is not held against the date: in the RFC's own examples they differ.
    """
    found = _HTTP_DATE.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        raise Malformed("Accept-Datetime: not a date such as Wed, 11 Mar 2020 17:00:00 GMT")
    day, year, hour, minute, second = (int(found[part]) for part in (1, 3, 4, 5, 6))
    month = _MONTHS.index(found[2]) + 1
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as impossible:
        raise Malformed(f"Accept-Datetime: no such time: {impossible}") from impossible
    return (int(moment.timestamp()) + 1) * SECOND_US - 1


def _constant(original: str, timemap: str) -> str:
    gate = f'<{original}>; rel="original timegate"'
    return f'{gate}, <{timemap}>; rel="timemap"; type="{LINK_FORMAT}"'


def _plain(incident: str) -> str:
    return f"{root()}/v1/incidents/{incident}"
