"""What was done with keys: noted at the door, told to an admin."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.settings import Settings
from tests.histories import EDITOR, killed, new_incident
from tests.process.serving import serving

BODY = {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(2)]}
UPDATES = "/v1/incidents/taji/updates"


class Door:
    def __init__(self, database: str, **settings: Any) -> None:
        self.app = create_app(Settings(database_url=database, **settings))
        self.store = self.app.extensions["sitrep"]
        self.store.open(new_incident("taji"), EDITOR)
        self.keys = {role: self.store.add_key(role, role) for role in ("reader", "reporter")}
        self.keys["admin"] = self.store.add_key("admin", "admin")

    def ask(self, method: str, path: str, key: str | None, **more: Any) -> Any:
        sent = {} if key is None else {"Authorization": f"Bearer {self.keys.get(key, key)}"}
        headers = {**sent, **more.pop("headers", {})}
        body = BODY if method == "POST" else None
        return self.app.test_client().open(path, method=method, headers=headers, json=body, **more)

    def told(self) -> list[tuple[Any, ...]]:
        """The oldest first, as the store has it."""
        uses = self.store.uses(cursor=None, limit=100).uses
        return [(one.key, one.method, one.route, one.incident, one.status) for one in uses[::-1]]


@pytest.fixture
def door(database: str) -> Iterator[Door]:
    opened = Door(database)
    yield opened
    opened.store.close()


def test_every_use_of_a_key_and_every_attempt_to_write_is_noted(door):
    door.store.add_key("gone", "editor")
    door.keys["gone"] = door.store.rotate_key("gone", keep_us=0)
    door.store.revoke_key("gone")
    for key in ("reporter", "reader", "gone", "no-such-key", None):
        door.ask("POST", UPDATES, key)
    door.ask("GET", "/v1/incidents/taji", "reader")
    door.ask("GET", "/v1/incidents", "gone")

    told = door.told()

    append, get, listed = (
        "incidents.append_update",
        "incidents.get_situation",
        "incidents.list_incidents",
    )
    assert told == [
        ("reporter", "POST", append, "taji", 201),
        ("reader", "POST", append, "taji", 403),
        ("gone", "POST", append, "taji", 401),
        (None, "POST", append, "taji", 401),
        (None, "POST", append, "taji", 401),
        ("reader", "GET", get, "taji", 200),
        ("gone", "GET", listed, None, 401),
    ]


def test_who_reads_without_a_key_leaves_no_trace(door):
    for path in ("/v1/incidents/taji", "/", "/healthz", "/v1/nothing"):
        door.ask("GET", path, None)
    door.ask("GET", "/healthz", "reader")

    assert door.told() == []


def test_an_admin_reads_what_was_done_with_a_key_page_by_page(door):
    for _ in range(3):
        door.ask("POST", UPDATES, "reporter")
    door.ask("POST", UPDATES, "reader")

    first = door.ask("GET", "/v1/keys/uses?key=reporter&limit=2", "admin")
    rest = door.ask("GET", f"/v1/keys/uses?key=reporter&cursor={first.json['next']}", "admin")

    uses = [*first.json["uses"], *rest.json["uses"]]
    assert [use["status"] for use in uses] == [201, 201, 201]
    assert {use["key"] for use in uses} == {"reporter"}
    assert {use["address"] for use in uses} == {"127.0.0.1"}
    assert first.headers["Cache-Control"] == "private, no-store"
    assert rest.json["next"] is None
    assert door.ask("GET", "/v1/keys/uses?cursor=xyz", "admin").status_code == 400


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "192.0.2.2")])
def test_an_address_that_was_passed_on_is_believed_of_proxies_alone(database, proxies, address):
    door = Door(database, proxies=proxies)

    door.ask("POST", UPDATES, None, headers={"X-Forwarded-For": "192.0.2.1, 192.0.2.2"})

    assert [use.address for use in door.store.uses(cursor=None, limit=9).uses] == [address]
    door.store.close()


def test_a_server_that_is_stopped_has_written_what_keys_did(database, open_store):
    with serving(database) as server:
        httpx.post(f"{server.url}/v1/incidents", json=BODY)

    told = open_store(database).uses(cursor=None, limit=9).uses
    assert [(use.route, use.status, use.address) for use in told] == [
        ("incidents.open_incident", 401, "127.0.0.1")
    ]
