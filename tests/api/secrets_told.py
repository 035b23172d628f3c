"""Stories with a secret in them, and everything that can be asked of them."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote

from flask.testing import FlaskClient
from msgspec import structs

from service.app import create_app
from service.domain.lifecycle import IncidentKind
from service.domain.moments import SECOND_US, read_instant, write_instant
from service.roles import READERS, ROUTES
from service.settings import Settings
from service.store.proving import TilePlace
from tests.histories import (
    EDITOR,
    Json,
    correction,
    counted,
    injured,
    killed,
    marking,
    new_incident,
    new_update,
    person,
    retraction,
    settled,
    told,
)

HOUR_US = 3600 * SECOND_US
BEGAN_US = read_instant("2020-03-11T12:00:00Z")


class Secret(NamedTuple):
    """What is told and withheld, in every place that has room for words and numbers."""

    word: str
    number: int
    group: Json
    place: tuple[str, float, float]
    status: str
    harm: str
    modality: str
    into: str
    kind: IncidentKind

    def reports(self) -> list[Json]:
        word, number = self.word, self.number
        country, x, y = self.place
        of = {"key": "clinic", "kind": "official", "name": f"Clinic {word}"}
        return [
            killed(number, phrase=f"{word} and others", origin=of),
            killed(number, group=self.group, scope="part", key=f"of-{word}"),
            injured({"low": number, "high": number + 3}, group={"affiliation": word}),
            counted(self.harm, number + 2, modality=self.modality, origin=of),
            {"type": "title", "title": f"Death of {word}"},
            {"type": "status", "status": self.status},
            {
                "type": "statement",
                "speaker": word,
                "stance": "other",
                "stance_other": word,
                "paraphrase": f"{word} says",
                "quote": word,
            },
            {
                "type": "location",
                "role": "target",
                "name": f"House of {word}",
                "country": country,
                "geometry": {"type": "Point", "coordinates": [x, y]},
                "precision": "exact",
            },
            {"type": "time", "occurred": {"earliest": f"2020-03-{number:02}T10:00:00Z"}},
            {"type": "means", "weapon": f"{word}'s rocket", "quantity": str(number)},
            {"type": "actor", "actor": word, "role": "victim_force"},
            {"type": "measure", "name": f"rockets of {word}", "quantity": str(number)},
            {
                "type": "attribution",
                "statement": "claim",
                "subject": word,
                "relation": "perpetrator",
            },
            {"type": "response", "response": word.lower(), "execution": "announced"},
            {"type": "question", "question": f"Where is {word}?"},
            {"type": "narrative", "headline": word, "body": f"{word} was there."},
            {"type": "damage", "object": f"car of {word}", "extent": "destroyed"},
            {"type": "evidence", "url": f"https://example.org/{word}"},
            {"type": "context", "paraphrase": f"{word} before"},
            {"type": "link", "to": self.into, "relation": "follows"},
        ]


TRUE = Secret(
    word="Quixotella",
    number=9,
    group={"nationality": "US", "role": "military"},
    place=("IR", 44.25, 33.5),
    status="stable",
    harm="missing",
    modality="asserted",
    into="alpha",
    kind=IncidentKind.CYBER,
)
OTHER = Secret(
    word="Zanzibarra",
    number=4,
    group={"nationality": "FR", "role": "civilian"},
    place=("SY", 36.25, 35.5),
    status="closed",
    harm="captured",
    modality="denied",
    into="omega",
    kind=IncidentKind.RIOT,
)
SECRETS = len(TRUE.reports())
FIRST, LAST = 4, SECRETS + 3
"""The versions of the secret's reports in the incident `taji`."""

INCIDENTS = ("taji", "alpha", "omega", "merged", "hidden")


class House:
    """A service whose clock is set by hand, told a story with a secret in it, withheld in a way."""

    def __init__(self, settings: Settings, secret: Secret, way: Json) -> None:
        self.now_us = BEGAN_US
        self.app = create_app(settings, lambda: self.now_us)
        self.store = self.app.extensions["sitrep"]
        self.client: FlaskClient = self.app.test_client()
        self.keys = {role: self.store.add_key(role, role) for role in ("reader", "reporter")}
        self._told = 0
        self.updates: list[str] = []
        self._tell_beside(secret, way)
        self._tell_taji(secret, way)

    def get(self, path: str, role: str | None = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if role is not None:
            sent["Authorization"] = f"Bearer {self.keys[role]}"
        return self.client.get(path, headers=sent, buffered=True)

    def tell(self, by: str | Json, *reports: Json, summary: str = "", on: str = "taji") -> None:
        self.now_us += HOUR_US
        self._told += 1
        update = told("", *reports, at_hour=12 + self._told)
        update["publisher"] = {"key": by, "kind": "press"} if isinstance(by, str) else by
        update["summary"] = summary or None
        self.updates.append(f"00000000-0000-4000-8000-{self._told:012}")
        self.store.append(on, new_update(update, self.updates[-1]), EDITOR)

    def _tell_beside(self, secret: Secret, way: Json) -> None:
        """Incidents that a list would show elsewhere, were the secret in it; one whose merger and
        one whose opening is withheld.
        """
        for name, deaths, day in (("alpha", 6, 6), ("omega", 8, 8), ("merged", 1, 5)):
            self.store.open(new_incident(name, title=f"Near {name}"), EDITOR)
            when = {"type": "time", "occurred": {"earliest": f"2020-03-{day:02}"}}
            self.tell("afp", killed(deaths), when, on=name)
        merger = {"type": "merge", "key": "m", "into": secret.into, "reason": secret.word}
        self.tell("desk", merger, marking("m", **way), on="merged")
        opening = new_incident("hidden", title=f"{secret.word} is dead")
        self.store.open(structs.replace(opening, kind=secret.kind), EDITOR)
        self.tell("desk", marking(1, **way), on="hidden")

    def _tell_taji(self, secret: Secret, way: Json) -> None:
        word, number = secret.word, secret.number
        blog = {"key": "blog", "kind": "social"}
        clinic = {"key": "clinic", "kind": "official"}
        self.store.open(new_incident("taji", title="Rockets on Taji"), EDITOR)
        self.tell("afp", killed(2), {"type": "location", "role": "target", "country": "IQ"})
        named = {**blog, "name": f"Blog of {word}", "url": f"https://{word.lower()}.example/"}
        self.tell(named, *secret.reports(), summary=f"What {word} did.")
        self.tell("reuters", person(word, harm="killed", phrase=f"named as {word}"))
        self.tell(blog, killed(1, depends_on=[FIRST], origin=clinic), summary="One dead.")
        self.tell(
            "desk",
            correction(LAST + 1, person(f"{word} B"), note=f"{word}, not B"),
            {"type": "dispute", "target": FIRST + 1, "grounds": f"{word} was away"},
            {"type": "endorsement", "target": FIRST + 1, "grounds": f"saw {word}"},
            correction(FIRST + 1, killed(number + 1), note=f"{word} too"),
            settled(number, rationale=f"{word} counted"),
            summary=f"More of {word}.",
        )
        self.tell("desk", retraction(FIRST + 2, reason=f"{word} lives"))
        self.tell("desk", marking(*range(FIRST, LAST + 1), LAST + 7, **way))
        self.tell("afp", killed(3))


def paths(house: House) -> Iterator[tuple[str, str]]:
    """Every route that readers may read, by its name, with what its parts may be."""
    named: dict[str, list[Any]] = {
        "incident": list(INCIDENTS),
        "update_id": house.updates,
        "version": list(range(1, LAST + 12)),
        "key": ["afp", "blog", "desk", "clinic"],
        "lane": [0],
        "place": [TilePlace(level, number=0, width=LAST) for level in (0, None)],
    }
    adapter = house.app.url_map.bind("")
    for rule in house.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and ROUTES[rule.endpoint] == READERS:
            parts = [[(name, one) for one in named.get(name, ["none"])] for name in rule.arguments]
            for chosen in product(*parts):
                yield rule.endpoint, adapter.build(rule.endpoint, dict(chosen))


def asked_of(house: House) -> Iterator[str]:
    """Every path with every question that its route takes: what the first path of a route refuses
    as malformed is not put to the others, nor more of what has the same parameters to itself.
    """
    taken: dict[str, list[str]] = {}
    for endpoint, path in paths(house):
        if endpoint in taken:
            yield from (asked(path, one) for one in taken[endpoint])
            continue
        taken[endpoint] = []
        refused: dict[frozenset[str], bool] = {}
        for one in questions_for(endpoint):
            names = frozenset(parse_qs(one))
            if refused.get(names):
                continue
            is_refused = house.get(asked(path, one)).status_code == 400
            refused.setdefault(names, is_refused)
            taken[endpoint] += [] if is_refused else [one]
            yield asked(path, one)


def asked(path: str, question: str) -> str:
    return f"{path}?{question}" if question else path


def questions_for(endpoint: str) -> list[str]:
    """Other forms say what the situation and the list say, which are asked everything: they are
    asked a little of each kind.
    """
    if endpoint == "across.get_oembed":
        at = "url=http://localhost/incidents/"
        return [f"{at}{incident}" for incident in INCIDENTS] + [f"{at}taji?version={FIRST}"]
    if endpoint.startswith("across."):
        return [
            "",
            "limit=1",
            "columns=acled",
            f"as_of={moment(20)}",
            *bounds()[:3],
            *searches()[::3],
        ]
    if endpoint in {"pages.chart_drawn", "pages.chart_numbers"}:
        return [*aims(), *bounds()[1::2], f"{aims()[-1]}&{bounds()[-1]}", "axis=published"]
    if endpoint.startswith("formats."):
        others = ["", "limit=1", "columns=acled", "without_origin=clinic", "origins=named"]
        return [*others, "policy=range", "without_publisher=desk", *bounds()[1::2]]
    return questions()


def questions() -> list[str]:
    """Parameters of every reading, also such as guess at either secret."""
    points = [*bounds(), "without_origin=clinic", "without_publisher=desk", "origins=named"]
    asked = ["", "order=asc", "limit=1", "limit=1000", "after=0", *points]
    asked += [f"compare=true&{point}" for point in points]
    asked += [f"policy={policy}" for policy in ("adjudicated", "range", "latest", "floor")]
    asked += [f"from={a}&to={b}" for a, b in ((1, LAST + 10), (LAST, 2), (2, FIRST), (LAST + 7, 9))]
    asked += [f"axis=published&from={moment(1)}&to={moment(20)}"]
    asked += [f"sort={order}" for order in ("killed", "updated", "occurred")]
    asked += [f"{one}&{point}" for one in aims() for point in ("limit=1000", *bounds()[2::5])]
    asked += [f"{one}&as_of={moment(20)}" for one in searches()] + searches()
    return [*asked, "type=casualties_reported,marking_applied", "origin=clinic", "publisher=blog"]


def moment(hours: float) -> str:
    return write_instant(BEGAN_US + int(hours * HOUR_US))


def bounds() -> list[str]:
    moments = [moment(hours) for hours in (6.5, 7.5, 8.5, 10.5, 12.5)]
    versions = (2, FIRST, LAST, LAST + 2, LAST + 9)
    return [
        *(f"as_of={one}" for one in moments),
        *(f"published_until={one}" for one in moments),
        *(f"version={version}" for version in versions),
    ]


def aims() -> list[str]:
    """Paths and figures."""
    parts = ["casualties.killed", "casualties.injured", "casualties.affected", "attribution"]
    parts += ["casualties.missing", "responses", "overview.locations", "overview.occurred"]
    parts += ["overview.measures", "title", "status", "people", "corrections", "unknowns", "links"]
    for secret in (TRUE, OTHER):
        group = ",".join(f"{key}={value}" for key, value in secret.group.items())
        parts += [f"casualties.killed.by_group[{group}]"]
        parts += [f"casualties.injured.by_group[affiliation={secret.word}]"]
        parts += [f"overview.measures.rockets of {secret.word}", f"responses.{secret.word.lower()}"]
    figures = [part for part in parts if part.startswith(("casualties", "overview.measures."))]
    return [f"path={quote(part)}" for part in parts] + [f"figure={quote(one)}" for one in figures]


def searches() -> list[str]:
    found = ["q=rockets", "q=taji", "q=near", "min_killed=3", "country=IQ", "kind=other"]
    for secret in (TRUE, OTHER):
        country, x, y = secret.place
        day = f"2020-03-{secret.number:02}"
        found += [f"q={secret.word}", f"min_killed={secret.number}", f"country={country}"]
        found += [f"status={secret.status}", f"linked_to={secret.into}", f"kind={secret.kind}"]
        found += [f"bbox={x - 1},{y - 1},{x + 1},{y + 1}"]
        found += [f"occurred_from={day}&occurred_to={day}"]
    return found
