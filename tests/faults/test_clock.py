"""DOMAIN.md §2: what was recorded keeps its order and its answers, however the clock is set."""

import pytest

from service.app import create_app
from service.domain.moments import DAY_US, SECOND_US, read_instant, write_instant
from service.settings import Settings
from tests.histories import killed, told

NOON_US = read_instant("2026-03-11T12:00:00Z")
YEAR_US = 365 * DAY_US
SETTINGS = [0, SECOND_US, -YEAR_US, -YEAR_US, 3 * YEAR_US, 0, -1, 3 * YEAR_US, SECOND_US]


class Service:
    """An application whose clock is set by hand."""

    def __init__(self, database):
        self.now_us = NOON_US
        app = create_app(Settings(database_url=database), lambda: self.now_us)
        self.store, self.client = app.extensions["sitrep"], app.test_client()
        self._key = self.store.add_key("desk", "reporter")
        self.post(
            "/v1/incidents",
            {"incident": "fire", "title": "Fire", "kind": "accident", **told("desk")},
        )

    def post(self, path, body):
        headers = {"Authorization": f"Bearer {self._key}"}
        return self.client.post(path, json=body, headers=headers)

    def tell(self, number):
        answer = self.post("/v1/incidents/fire/updates", told("afp", killed(number)))
        assert answer.status_code == 201, answer.text
        return answer.json["recorded_at"]

    def situation(self, **asked):
        return self.client.get("/v1/incidents/fire", query_string=asked)


@pytest.fixture
def service(database):
    running = Service(database)
    yield running
    running.store.close()


def test_the_moments_of_recording_rise_however_the_clock_is_set(service):
    moments = []
    for number, setting_us in enumerate(SETTINGS):
        service.now_us = NOON_US + setting_us
        moments.append(service.tell(number))

    assert moments == sorted(set(moments))
    assert moments[0] == write_instant(NOON_US + 1)
    assert moments[4] == write_instant(NOON_US + 3 * YEAR_US)
    assert moments[-1] == write_instant(NOON_US + 3 * YEAR_US + 4)


def test_what_was_known_at_a_moment_is_told_alike_however_the_clock_is_set_since(service):
    answers = {}
    for number, setting_us in enumerate(SETTINGS):
        service.now_us = NOON_US + setting_us
        recorded_at = service.tell(number)
        answers[recorded_at] = service.situation(as_of=recorded_at)

    for setting_us in (-YEAR_US, 0, 10 * YEAR_US):
        service.now_us = NOON_US + setting_us
        for recorded_at, answer in answers.items():
            again = service.situation(as_of=recorded_at)
            assert (again.status_code, again.data) == (200, answer.data)
            assert "immutable" in again.headers["Cache-Control"]


def test_with_the_clock_set_back_the_future_begins_after_what_was_recorded(service):
    service.now_us = NOON_US + YEAR_US
    last = service.tell(1)
    service.now_us = NOON_US

    known = service.situation(as_of=last)
    unknown = service.situation(as_of=write_instant(NOON_US + YEAR_US + 1))

    assert (known.status_code, known.json["casualties"]["killed"]["low"]) == (200, 1)
    assert unknown.status_code == 400
