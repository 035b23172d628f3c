"""What is too much: answered as such, before anything is done for it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from service.api.limits import client_of
from service.api.pace import Pace, Rate
from service.app import create_app
from service.settings import Settings
from tests.histories import EDITOR, killed, new_incident, new_update, told

AWAY = {"REMOTE_ADDR": "192.0.2.1"}
TAJI = "/v1/incidents/taji"
BODY = {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(2)]}
RUNS_FROM_HERE = '<script type="module" src="/static/'
RUNS_NOT = {
    '<script type="application/ld+json">',
    '<script type="application/json" id="texts">',
}
SLOW = {"reads_per_second": 0.01, "reads_burst": 3, "writes_per_second": 0.01, "writes_burst": 2}


class Served:
    def __init__(self, database: str, **settings: Any) -> None:
        self.app = create_app(Settings(database_url=database, **settings))
        self.store = self.app.extensions["sitrep"]
        self.store.open(new_incident("taji"), EDITOR)
        self.keys = [self.store.add_key(name, "reporter") for name in ("ada", "bob")]

    def get(self, path: str = TAJI, address: str = "192.0.2.1", **more: Any) -> Any:
        return self.app.test_client().get(path, environ_base={"REMOTE_ADDR": address}, **more)

    def post(self, key: int, address: str, **more: Any) -> Any:
        return self.app.test_client().post(
            f"{TAJI}/updates",
            json=BODY,
            headers={"Authorization": f"Bearer {self.keys[key]}"},
            environ_base={"REMOTE_ADDR": address},
            **more,
        )


@pytest.fixture
def slow(database: str) -> Iterator[Served]:
    served = Served(database, **SLOW)
    yield served
    served.store.close()


def test_an_address_that_asks_too_fast_is_told_when_to_ask_again(slow):
    answers = [slow.get() for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.mimetype == "application/problem+json"
    assert refused.json["type"] == "/problems/too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 100
    assert slow.get(address="192.0.2.2").status_code == 200


def test_reading_and_writing_are_counted_apart(slow):
    read = [slow.get().status_code for _ in range(4)]
    written = [slow.post(0, "192.0.2.1").status_code for _ in range(3)]

    assert read == [200, 200, 200, 429]
    assert written == [201, 201, 429]


def test_a_key_is_counted_wherever_it_is_used(slow):
    ada = [slow.post(0, f"192.0.2.{number}").status_code for number in range(3)]
    bob = slow.post(1, "192.0.2.9").status_code

    assert (ada, bob) == ([201, 201, 429], 201)


def test_what_comes_from_this_machine_is_not_counted(slow):
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", ""):
        assert {slow.get(address=address).status_code for _ in range(5)} == {200}
    assert {slow.post(0, "127.0.0.1").status_code for _ in range(4)} == {201}


def test_an_address_is_taken_from_as_many_proxies_as_there_are(database):
    served = Served(database, proxies=1, **SLOW)

    def asked(forwarded: str) -> int:
        return int(served.get(headers={"X-Forwarded-For": forwarded}).status_code)

    forged = [asked(f"203.0.113.{number}, 198.51.100.7") for number in range(4)]
    other = asked("198.51.100.8")
    served.store.close()

    assert (forged, other) == ([200, 200, 200, 429], 200)


def test_nobody_is_hindered_where_no_limit_is_set(database):
    served = Served(database, reads_per_second=0, reads_burst=1)

    assert {served.get().status_code for _ in range(50)} == {200}
    served.store.close()


def test_an_allowance_comes_back_with_time():
    pace = Pace(Rate(per_second=2, burst=3))

    at_once = [pace.wait("a", 100.0) for _ in range(4)]
    later = [pace.wait("a", 100.5), pace.wait("a", 100.5)]
    rested = [pace.wait("a", 200.0) for _ in range(4)]

    assert at_once == [0, 0, 0, 0.5]
    assert later == [0, 0.5]
    assert rested == [0, 0, 0, 0.5]


def test_only_so_many_clients_are_remembered():
    pace = Pace(Rate(per_second=1, burst=1), clients=2)

    for client in ("a", "b", "c"):
        assert pace.wait(client, 0.0) == 0

    assert pace.wait("c", 0.0) == 1
    assert pace.wait("a", 0.0) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_neighbours_in_one_network_of_six_are_one_client(one, other, same):
    assert (client_of(one) == client_of(other)) is same


def test_a_query_that_is_too_long_or_has_too_many_parts_is_refused(slow):
    long = slow.get(f"{TAJI}?without_origin={'x' * 20_000}")
    many = slow.get(f"{TAJI}?{'&'.join(['without_origin=x'] * 201)}")

    assert (long.status_code, many.status_code) == (400, 400)
    assert {long.mimetype, many.mimetype} == {"application/problem+json"}


def test_so_many_sources_can_be_left_out_and_no_more(slow):
    left_out = [f"without_origin=source-{number}" for number in range(101)]

    answers = [slow.get(f"{TAJI}?{'&'.join(left_out[:most])}") for most in (100, 101)]

    assert [answer.status_code for answer in answers] == [200, 400]


def test_a_body_is_limited_in_reports_depth_words_and_positions(database):
    served = Served(database)
    ring = [[0, 0], *([1, 1] for _ in range(10_000)), [0, 0]]
    too_much = {
        "reports": [killed(1)] * 1001,
        "depth": [{**killed(1), "group": nested(40)}],
        "words": [{"type": "narrative", "body": "x" * 50_001}],
        "phrase": [{**killed(1), "phrase": "x" * 501}],
        "positions": [
            {
                "type": "location",
                "role": "target",
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }

    answers = {name: _post(served, reports).status_code for name, reports in too_much.items()}

    assert answers == {**dict.fromkeys(too_much, 422), "depth": 400}
    assert len(served.store.events("taji", after_version=0, types=(), limit=9).events) == 1
    served.store.close()


@pytest.fixture
def strict(database: str) -> Iterator[Served]:
    served = Served(database, max_reports=2, max_depth=8, max_characters=200, max_page=3)
    yield served
    served.store.close()


def test_a_store_may_take_less_than_the_contract_and_says_so(strict):
    many = _post(strict, [killed(1)] * 3)
    long = _post(strict, [killed(1), {"type": "narrative", "body": "x" * 201}])
    deep = _post(strict, [{**killed(1), "group": nested(9)}])
    taken = _post(strict, [killed(1), {"type": "narrative", "body": "x" * 200}])

    assert [each.status_code for each in (many, long, deep, taken)] == [422, 422, 400, 201]
    assert many.json["errors"] == [
        {"pointer": "/reports", "detail": "must hold at most 2 entries in this store"}
    ]
    assert long.json["errors"] == [
        {
            "pointer": "/reports/1/body",
            "detail": "must have at most 200 characters in this store",
        }
    ]
    assert deep.json["detail"] == "the body is nested deeper than 8 levels"
    assert len(strict.store.events("taji", after_version=0, types=(), limit=9).events) == 3


def test_an_incident_is_opened_within_the_same_sizes(strict):
    told = {"title": "x" * 150, "kind": "other", **BODY, "reports": [killed(1)] * 3}

    answer = strict.app.test_client().post(
        "/v1/incidents", json=told, headers={"Authorization": f"Bearer {strict.keys[0]}"}
    )

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/reports"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/incidents",
        "/v1/events",
        "/v1/publishers",
        "/v1/origins",
        f"{TAJI}/events",
        f"{TAJI}/updates",
        f"{TAJI}/timemap",
        f"{TAJI}/explain?path=casualties.killed",
        f"{TAJI}/series?figure=casualties.killed",
        "/",
        "/incidents/taji/updates",
    ],
)
def test_a_page_has_no_more_than_the_store_gives_at_once(strict, path):
    for _ in range(4):
        assert _post(strict, [killed(1)]).status_code == 201
    sign = "&" if "?" in path else "?"

    unsaid = strict.get(path)
    within, beyond = (strict.get(f"{path}{sign}limit={limit}") for limit in (3, 4))

    assert [each.status_code for each in (unsaid, within, beyond)] == [200, 200, 400]
    assert b"must be at most 3 in this store" in beyond.data


def test_what_nobody_limited_is_paged_as_it_was(strict):
    for _ in range(4):
        _post(strict, [killed(1)])

    first = strict.get(f"{TAJI}/events").json

    assert [event["version"] for event in first["events"]] == [1, 2, 3]
    assert first["next"]


def nested(levels: int) -> Any:
    deep: Any = {}
    for _ in range(levels):
        deep = {"a": deep}
    return deep


def _post(served: Served, reports: list[Any]) -> Any:
    return served.app.test_client().post(
        f"{TAJI}/updates",
        json={**BODY, "reports": reports},
        headers={"Authorization": f"Bearer {served.keys[0]}"},
    )


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "deflate", "gzip, identity"])
def test_a_packed_body_is_refused_before_it_is_looked_at(database, coding):
    served = Served(database)
    headers = {
        "Authorization": f"Bearer {served.keys[0]}",
        "Content-Encoding": coding,
        "Content-Type": "application/json",
    }

    answer = served.app.test_client().post(
        f"{TAJI}/updates", environ_overrides={"wsgi.input": _Untouchable()}, headers=headers
    )
    served.store.close()

    assert answer.status_code == 415


class _Untouchable:
    """A body that nobody may read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    def readinto(self, *_: Any) -> int:
        raise AssertionError("the body was read")


def test_every_answer_tells_browsers_what_not_to_do(database):
    served = Served(database)
    served.store.append("taji", new_update(told("afp", killed(1))), EDITOR)
    paths = (TAJI, "/v1/nothing", "/", "/incidents/taji", "/docs", "/static/sitrep.css", "/healthz")

    plain = {path: served.get(path, buffered=True).headers for path in paths}
    secure = served.get("/", base_url="https://sitrep.example").headers

    for path, headers in plain.items():
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert len(headers.getlist("Content-Security-Policy")) == 1, path
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "Strict-Transport-Security" not in headers, path
    assert "Permissions-Policy" in plain["/docs"]
    assert "Strict-Transport-Security" in secure
    served.store.close()


@pytest.mark.parametrize("path", ["/", "/incidents/taji", "/incidents/taji/updates", "/docs"])
def test_no_page_has_what_its_own_policy_forbids(database, path):
    served = Served(database)

    told = [served.get(path, headers={"Accept-Language": one}).text for one in ("en", "ar")]
    served.store.close()

    for forbidden in ("<style", " style=", "javascript:", " onclick="):
        assert forbidden not in "".join(told)
    for script in re.findall("<script[^>]*>", "".join(told)):
        assert script.startswith(RUNS_FROM_HERE) or script in RUNS_NOT
