"""Who reads what over HTTP: the public without what is withheld, the desk with it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.domain.moments import SECOND_US, read_instant, write_instant
from service.settings import Settings
from service.store.proving import TilePlace
from tests.histories import (
    EDITOR,
    Json,
    correction,
    killed,
    marking,
    new_incident,
    new_update,
    person,
    retraction,
    told,
)
from tests.signing import signed

HOUR_US = 3600 * SECOND_US
NAME = "Quixotella"
PARTS = [
    "casualties.killed",
    "attribution",
    "responses",
    "overview.locations",
    "overview.measures",
    "title",
    "people",
    "corrections",
    "unknowns",
]
TAJI = "/v1/incidents/taji"


class Public:
    """A service whose clock is set by hand, read with and without keys."""

    def __init__(self, settings: Settings) -> None:
        self.now_us = read_instant("2020-03-20T00:00:00Z")
        self.app = create_app(settings, lambda: self.now_us)
        self.store = self.app.extensions["sitrep"]
        self.client: FlaskClient = self.app.test_client()
        self.keys = {
            role: self.store.add_key(role, role)
            for role in ("reader", "reporter", "editor", "admin")
        }
        self.store.open(new_incident("taji"), EDITOR)

    def tell(self, *reports: Json, by: str = "afp", **more: Any) -> int:
        self.now_us += HOUR_US
        update = new_update({**told(by, *reports), **more})
        return self.store.append("taji", update, EDITOR).receipt.version

    def later(self, hours: float) -> str:
        return write_instant(self.now_us + int(hours * HOUR_US))

    def get(self, path: str = TAJI, *, key: str | None = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Authorization"] = f"Bearer {self.keys.get(key, key)}"
        return self.client.get(path, headers=sent)

    def killed(self, path: str = TAJI, **asked: Any) -> int:
        return int(self.get(path, **asked).json["casualties"]["killed"]["low"])


@pytest.fixture
def public(database: str) -> Iterator[Public]:
    with signed(database) as (settings,):
        opened = Public(settings)
        yield opened
        opened.store.close()


def test_whoever_may_write_reads_what_is_withheld_and_a_reader_does_not(public):
    public.tell(killed(9))
    public.tell(marking(2, audience="desk"))

    read = {role: public.killed(key=role) for role in public.keys}
    replayed = {role: public.killed(f"{TAJI}?version=2", key=role) for role in public.keys}

    assert read == replayed == {"reader": 0, "reporter": 9, "editor": 9, "admin": 9}
    assert public.killed() == 0


@pytest.mark.parametrize("path", [TAJI, f"{TAJI}/events", f"{TAJI}/updates", "/v1/events"])
def test_what_the_desk_reads_is_for_nobody_else_to_keep(public, path):
    public.tell(killed(9))
    public.tell(marking(2, audience="desk"))

    everybody, desk = public.get(path), public.get(path, key="editor")

    assert desk.headers["Cache-Control"] == "private, no-store"
    assert desk.headers["ETag"] != everybody.headers["ETag"]
    for answer in (everybody, desk):
        assert "Authorization" in answer.headers["Vary"]
    assert everybody.headers["Cache-Control"] == "no-cache"
    known = {"If_None_Match": everybody.headers["ETag"]}
    assert public.get(path, key="editor", **known).status_code == 200


@pytest.mark.parametrize("path", [TAJI, "/v1/incidents", "/v1/events", f"{TAJI}/events/1"])
def test_a_key_that_is_unknown_or_revoked_reads_nothing(public, path):
    public.store.revoke_key("editor")

    assert public.get(path, key="editor").status_code == 401
    assert public.get(path, key="no-such-key").status_code == 401
    assert public.get(path, Authorization="Basic eDp5").status_code == 401
    assert public.get(path).status_code == 200


def test_the_tag_changes_when_an_embargo_ends_and_when_one_is_laid(public):
    public.tell(killed(9))
    pinned = public.get(f"{TAJI}?version=2")
    public.tell(marking(2, embargo_until=public.later(5)))
    during, again = public.get(), public.get(f"{TAJI}?version=2")
    public.now_us += 6 * HOUR_US
    after = public.get(If_None_Match=during.headers["ETag"])

    assert (during.headers["ETag"], after.status_code) == ('"3"', 200)
    assert after.headers["ETag"] not in {during.headers["ETag"], '"2"'}
    assert pinned.headers["ETag"] != again.headers["ETag"]
    assert public.get(If_None_Match=after.headers["ETag"]).status_code == 304


def test_a_version_can_be_expected_by_every_tag_that_names_it(public):
    public.tell(killed(9))
    public.tell(marking(2, embargo_until=public.later(5)))
    tags = [public.get().headers["ETag"], public.get(key="editor").headers["ETag"]]
    public.now_us += 6 * HOUR_US
    tags.append(public.get().headers["ETag"])

    update = {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(1)]}

    answers = [_post(public, update, If_Match=tag) for tag in (tags[2], *tags)]
    again = _post(public, update, If_Match=tags[1].replace("3", "4"))

    assert len(set(tags)) == 3
    assert [answer.status_code for answer in answers] == [201, 412, 412, 412]
    assert (again.status_code, again.headers["ETag"]) == (201, '"5"')


def _post(public: Public, body: Any, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent["Authorization"] = f"Bearer {public.keys['editor']}"
    return public.client.post(f"{TAJI}/updates", json=body, headers=sent)


def test_no_public_answer_says_a_withheld_name(public):
    update_ids = _tell_everywhere(public)
    at_us = public.now_us - HOUR_US // 2
    moments = [write_instant(at_us), write_instant(public.now_us)]
    queries = ["", "?version=4", f"?as_of={moments[0]}", f"?published_until={moments[1]}"]
    queries += ["?without_publisher=desk", "?order=asc", "?limit=1000", "?compare=true"]
    queries += [f"?path={path}" for path in PARTS] + ["?from=1&to=12", "?from=12&to=1"]

    for path in sorted(_paths(public, update_ids)):
        for query in queries:
            for key in (None, "reader"):
                answer = public.get(f"{path}{query}", key=key if path.startswith("/v1") else None)
                assert answer.status_code < 500
                said = answer.data.decode(errors="replace")
                assert NAME.lower() not in f"{said}{answer.headers}".lower(), path + query
    figures = ["casualties.killed", f"overview.measures.rockets of {NAME}"]
    series = [public.get(f"{TAJI}/series?figure={figure}") for figure in figures]
    assert (series[0].json["steps"], series[1].status_code) == ([], 404)
    for moment in ("", f"&as_of={moments[0]}"):
        assert public.get(f"/v1/incidents?q={NAME}{moment}").json["incidents"] == []
        assert public.get(f"/v1/incidents?min_killed=9{moment}").json["incidents"] == []
    assert NAME in public.get("/v1/origins/clinic", key="editor").text
    assert NAME in public.get(key="editor").text
    assert NAME in public.get(f"{TAJI}/events?limit=1000", key="editor").text


def _tell_everywhere(public: Public) -> list[str]:
    """The name in every place that an update has for words, each withheld in one of the ways."""
    of = {"key": "clinic", "kind": "official", "name": f"Clinic {NAME}"}
    public.tell(person(NAME, phrase=f"named as {NAME}", origin=of), summary=f"{NAME} is dead.")
    public.tell(
        killed(9, phrase=f"nine, {NAME} too"),
        {"type": "statement", "speaker": NAME, "stance": "other", "stance_other": NAME,
         "paraphrase": f"{NAME} says", "quote": NAME},
        {"type": "title", "title": f"Death of {NAME}"},
        {"type": "location", "role": "target", "name": f"House of {NAME}"},
        {"type": "means", "weapon": f"{NAME}'s rocket"},
        {"type": "actor", "actor": NAME, "role": "victim_force"},
        {"type": "measure", "name": f"rockets of {NAME}", "quantity": "3"},
        {"type": "attribution", "statement": "claim", "subject": NAME, "relation": "perpetrator"},
        {"type": "response", "response": NAME.lower(), "execution": "announced"},
        {"type": "question", "question": f"Where is {NAME}?"},
        {"type": "narrative", "headline": NAME, "body": f"{NAME} was there."},
        {"type": "damage", "object": f"car of {NAME}", "extent": "destroyed"},
        summary=f"What {NAME} did.",
    )  # fmt: skip
    public.tell(
        correction(2, person(f"{NAME} B"), note=f"{NAME}, not B"),
        retraction(2, reason=f"{NAME} lives"),
        {"type": "dispute", "target": 2, "grounds": f"{NAME} was away"},
        {"type": "endorsement", "target": 2, "grounds": f"saw {NAME}"},
        summary=f"More of {NAME}.",
    )
    public.tell(marking(*range(3, 9), embargo_until=public.later(99)))
    public.tell(marking(*range(9, 15), audience="desk"))
    told_of = public.store.updates("taji", cursor=None, limit=9, ascending=True).updates
    return [update.update_id for update in told_of]


def _paths(public: Public, update_ids: list[str]) -> Iterator[str]:
    """Every GET route of the service, with what its parts may be."""
    named: dict[str, list[Any]] = {
        "incident": ["taji"],
        "slug": ["taji"],
        "update_id": update_ids,
        "version": list(range(1, 20)),
        "key": ["afp", "clinic", "desk"],
        "lane": [0],
        "place": [TilePlace(0, number=0, width=2)],
    }
    adapter = public.app.url_map.bind("")
    for rule in public.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            parts = [
                [(name, part) for part in named.get(name, ["none"])] for name in rule.arguments
            ]
            for chosen in product(*parts):
                yield adapter.build(rule.endpoint, dict(chosen))
