"""What is marked, or names persons whose next of kin are not informed, is kept from the public: now
for safety, in replays for what was then public (docs/adr/0008).
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, select

from service.domain.moments import DAY_US, SECOND_US, read_instant, write_instant
from service.domain.words import sought
from service.store.answers import Question, Selection
from service.store.sealing import uuid_bytes
from service.store.store import Store
from service.store.tables import metadata, payloads
from tests.histories import (
    EDITOR,
    REPORTER,
    Json,
    correction,
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
NOW_US = read_instant("2020-03-20T00:00:00Z")


class Newsroom:
    """A store with a clock set by hand, and one story in it."""

    def __init__(self, opened: Callable[..., Store], url: str) -> None:
        self.now_us = NOW_US
        self.store = opened(url, lambda: self.now_us)
        self.store.open(new_incident("taji"), EDITOR)

    def tell(self, *reports: Json, by: str = "afp", **more: Any) -> int:
        """An update an hour after the one before; the version of its last report."""
        self.now_us += HOUR_US
        update = {**told(by, *reports, **more.pop("at", {})), **more}
        return self.store.append("taji", new_update(update), EDITOR).receipt.version

    def later(self, hours: float) -> str:
        return write_instant(self.now_us + int(hours * HOUR_US))

    def wait(self, hours: float) -> None:
        self.now_us += int(hours * HOUR_US)

    def killed(self, **question: Any) -> int:
        """By the stored view; by the same question asked of the index it must be the same."""
        asked = self.store.situation("taji", Question(**question)).body
        if not question:
            assert asked == self.store.now("taji").body
        return int(json.loads(asked)["casualties"]["killed"]["low"])

    def seen(self) -> list[int]:
        """The versions whose words the public sees."""
        page = self.store.events("taji", after_version=1, types=(), limit=99)
        return [event.version for event in page.events if event.report is not None]

    def people(self) -> list[str]:
        return [told["name"] for told in json.loads(self.store.now("taji").body)["people"]]


@pytest.fixture
def news(database: str, open_store: Callable[..., Store]) -> Newsroom:
    return Newsroom(open_store, database)


def test_an_embargo_keeps_a_report_out_of_every_figure_now(news):
    news.tell(killed(3))
    news.tell(killed(9), by="bbc")
    news.tell(marking(3, embargo_until=news.later(10)))

    assert news.killed() == 3
    assert news.seen() == [2, 4]
    assert b'"bbc"' not in news.store.now("taji").body


def test_an_embargo_ends_without_anybody_writing(news):
    news.tell(killed(9))
    news.tell(marking(2, embargo_until=news.later(10)))
    before = news.store.now("taji")
    news.wait(9)

    after = news.store.now("taji")

    assert news.killed() == 9
    assert news.seen() == [2, 3]
    assert (before.version, before.reading, after.version) == (3, "", 3)
    assert after.reading


def test_the_next_append_brings_the_stored_view_up_to_date(news):
    news.tell(killed(9))
    news.tell(marking(2, embargo_until=news.later(2)))
    news.wait(3)
    news.tell({"type": "context", "paraphrase": "background"})

    now = news.store.now("taji")

    assert (news.killed(), now.version, now.reading) == (9, 4, "")


def test_a_replay_to_a_moment_under_embargo_hides_though_it_has_ended(news):
    news.tell(killed(9))
    news.tell(marking(2, embargo_until=news.later(5)))
    under_us = news.now_us + HOUR_US
    news.wait(20)

    assert news.killed() == 9
    assert news.killed(as_of_us=under_us) == 0
    assert news.killed(version=3) == 0
    assert news.killed(as_of_us=under_us + 5 * HOUR_US) == 9


def test_a_replay_of_what_was_published_by_a_moment_under_embargo_hides_too(news):
    news.tell(killed(9))
    news.tell(marking(2, embargo_until="2020-03-11T18:00:00Z"), at={"at_hour": 13})

    assert news.killed(published_until_us=read_instant("2020-03-11T12:30:00Z")) == 9
    assert news.killed(published_until_us=read_instant("2020-03-11T17:00:00Z")) == 0
    assert news.killed(published_until_us=read_instant("2020-03-11T19:00:00Z")) == 9


def test_replays_to_before_a_marking_hide_while_the_embargo_runs_and_show_after_it(news):
    news.tell(killed(9))
    before_us = news.now_us
    news.tell(marking(2, embargo_until=news.later(5)), at={"at_hour": 14})
    until_us = read_instant("2020-03-11T13:00:00Z")
    asked = [{"as_of_us": before_us}, {"version": 2}, {"published_until_us": until_us}]

    during = [news.killed(**question) for question in asked]
    news.wait(20)
    after = [news.killed(**question) for question in asked]

    assert (during, after) == ([0, 0, 0], [9, 9, 9])


def test_what_is_for_the_desk_stays_there_until_it_is_released(news):
    news.tell(killed(9))
    news.tell(marking(2, audience="desk"))
    news.wait(9999)
    hidden = news.killed()
    news.tell(marking(2, audience="public"))

    assert (hidden, news.killed()) == (0, 9)
    assert news.killed(version=3) == 0


def test_a_whole_update_can_be_marked(news):
    update = new_update({**told("afp", killed(9), killed(4, group={"nationality": "US"}))})
    news.store.append("taji", update, EDITOR)
    news.tell(marking(update.update_id, audience="desk"))

    assert (news.killed(), news.seen()) == (0, [4])


def test_the_latest_marking_that_says_who_may_read_decides(news):
    news.tell(killed(9))
    news.tell(marking(2, audience="desk"), at={"at_hour": 14})
    news.tell(marking(2, audience="public"), at={"at_hour": 13})
    news.tell(marking(2, sensitivity=["graphic"]), at={"at_hour": 15})
    still = news.killed()
    news.tell(marking(2, audience="public"), at={"at_hour": 14})

    assert (still, news.killed()) == (0, 9)


def test_a_retracted_marking_withholds_nothing(news):
    news.tell(killed(9))
    news.tell(marking(2, audience="desk"))
    news.tell(retraction(3))

    assert (news.killed(), news.seen()) == (9, [2, 3, 4])
    assert news.killed(version=3) == 0


def test_a_person_is_withheld_until_a_correction_says_that_the_next_of_kin_are_informed(news):
    news.tell(person("Jane Doe"))
    hidden = news.people(), news.seen()
    news.tell(correction(2, person("Jane Doe", informed=True)))

    assert hidden == ([], [])
    assert (news.people(), news.seen()) == (["Jane Doe"], [2, 3])


def test_a_person_is_withheld_until_the_desk_releases_it(news):
    news.tell(person("Jane Doe", informed=False))
    news.tell(marking(2, sensitivity=["identity"]))
    news.tell(marking(2, embargo_until=news.later(-1)))
    hidden = news.people()
    news.tell(marking(2, audience="public"))

    assert (hidden, news.people()) == ([], ["Jane Doe"])


def test_a_release_for_a_moment_to_come_waits_for_it(news):
    news.tell(person("Jane Doe"))
    news.tell(marking(2, audience="public", embargo_until=news.later(5)))
    hidden = news.people()
    news.wait(6)

    assert (hidden, news.people()) == ([], ["Jane Doe"])


def test_a_release_reaches_no_name_that_the_desk_had_not_seen(news):
    news.tell(person("Jane Doe"))
    news.tell(marking(2, audience="public"))
    news.tell(correction(2, person("Joan Roe")))

    assert (news.people(), news.seen()) == ([], [3])


def test_the_latest_word_on_the_next_of_kin_speaks_for_a_person(news):
    news.tell(person("Jane Doe", informed=True))
    news.tell(correction(2, person("Jane Doe", informed=False)))
    hidden = news.people(), news.seen()
    news.tell(retraction(3))

    assert hidden == ([], [])
    assert (news.people(), news.seen()) == (["Jane Doe"], [2])


def test_a_retracted_person_stays_withheld(news):
    news.tell(person("Jane Doe"))
    news.tell(retraction(2, reason="Jane Doe was not there"))

    assert news.seen() == []
    assert json.loads(news.store.now("taji").body)["retractions"] == []


def test_what_is_withheld_takes_its_corrections_with_it(news):
    news.tell(killed(9))
    news.tell(correction(2, killed(7), note="nine were named"))
    news.tell(marking(2, audience="desk"))

    held = json.loads(news.store.now("taji").body)

    assert (news.killed(), news.seen(), held["corrections"]) == (0, [4], [])


def test_a_withheld_correction_does_not_act(news):
    news.tell(killed(9))
    news.tell(correction(2, killed(7)))
    news.tell(marking(3, embargo_until=news.later(5)))
    during = news.killed()
    news.wait(6)

    assert (during, news.killed()) == (9, 7)


def test_a_withheld_retraction_does_not_act(news):
    news.tell(killed(9))
    news.tell(retraction(2, reason="to be told tomorrow"))
    news.tell(marking(3, embargo_until=news.later(5)))
    during = news.killed(), news.seen()
    news.wait(6)

    assert (during, news.killed()) == ((9, [2, 4]), 0)


def test_leaving_out_the_desk_lifts_no_withholding(news):
    news.tell(killed(9))
    news.tell(marking(2, audience="desk"), by="desk", at={"kind": "desk"})

    assert news.killed(without_publishers=("desk",)) == 0
    assert news.killed(without_origins=("desk",)) == 0


def test_an_update_tells_no_summary_while_any_of_its_reports_is_withheld(news):
    news.tell(killed(9), person("Jane Doe"), summary="Nine dead, Jane Doe among them.")
    hidden = news.store.updates("taji", cursor=None, limit=1, ascending=False).updates[0]
    news.tell(marking(3, audience="public"))
    shown = news.store.update("taji", hidden.update_id)

    assert (hidden.summary, [report.report for report in hidden.reports][1]) == (None, None)
    assert shown.summary == "Nine dead, Jane Doe among them."


def test_the_feed_keeps_the_envelope_and_not_the_words(news):
    news.tell(person("Jane Doe", origin={"key": "hospital", "kind": "official", "name": "Doe's"}))

    page = news.store.feed(after=None, types=("person_identified",), incident=None, limit=9)
    event = page.events[0]

    assert (event.report, event.publisher, event.origin) == (
        None,
        {"key": "afp"},
        {"key": "hospital"},
    )
    assert (event.version, len(event.commitment)) == (2, 64)
    assert b"Jane" in bytes(news.store.as_desk().event("taji", 2).report)


def test_the_desk_reads_everything_now_and_then(news):
    news.tell(killed(9), person("Jane Doe"))
    news.tell(marking(2, audience="desk"))
    desk = news.store.as_desk()

    now, then = desk.now("taji"), desk.situation("taji", Question(version=4))

    assert [json.loads(told.body)["casualties"]["killed"]["low"] for told in (now, then)] == [9, 9]
    assert json.loads(now.body)["people"][0]["name"] == "Jane Doe"
    assert [
        event.report is None
        for event in desk.events("taji", after_version=1, types=(), limit=9).events
    ] == [False] * 3
    assert now.reading == "desk"


def test_a_marking_may_be_known_and_says_why_a_figure_fell(news):
    news.tell(killed(9))
    news.now_us += HOUR_US
    update = new_update(told("desk", marking(2, audience="desk"), kind="desk"))

    receipt = news.store.append("taji", update, EDITOR).receipt
    again = news.store.append("taji", update, EDITOR)

    fall = next(change for change in receipt.changes if change.path == "casualties.killed")
    assert (fall.from_, fall.to, fall.because) == (
        {"low": 9, "high": 9},
        {"low": 0, "high": None},
        (2, 3),
    )
    assert json.loads(news.store.now("taji").body)["markings"][0]["targets"] == [2]
    assert (again.replayed, again.receipt) == (True, receipt)


def test_a_receipt_stays_word_for_word_when_its_report_is_marked_later(news):
    update = new_update(told("afp", killed(9)))
    receipt = news.store.append("taji", update, REPORTER).receipt
    news.tell(marking(2, audience="desk"))

    assert news.store.append("taji", update, REPORTER).receipt == receipt


def test_the_desk_settles_figures_that_only_it_sees(news):
    path = "casualties.killed.by_group[nationality=US]"
    news.tell(killed(2, group={"nationality": "US"}))
    news.tell(marking(2, audience="desk"))
    news.tell(settled(3, path))

    body = news.store.as_desk().now("taji").body

    assert json.loads(body)["casualties"]["killed"]["by_group"][0]["low"] == 3


def test_a_withheld_title_gives_way_to_the_one_before(news):
    news.tell({"type": "title", "title": "Jane Doe is dead"})
    news.tell(marking(2, audience="desk"))
    retitled = json.loads(news.store.now("taji").body)["title"]
    news.tell(marking(1, audience="desk"))

    assert (retitled, json.loads(news.store.now("taji").body)["title"]) == ("A story", "taji")


def test_another_process_goes_on_from_what_the_public_saw(news, database, open_store):
    news.tell(killed(9))
    news.tell(marking(2, embargo_until=news.later(5)))
    other = open_store(database, lambda: news.now_us)

    other.append("taji", new_update(told("bbc", killed(2))), EDITOR)
    during = json.loads(other.now("taji").body)["casualties"]["killed"]["low"]
    news.now_us += DAY_US
    other.append("taji", new_update(told("dpa", killed(3))), EDITOR)

    assert during == 2
    assert json.loads(other.now("taji").body)["casualties"]["killed"]["floor"] == 9


def test_incidents_are_listed_as_the_public_sees_them(news):
    news.tell(killed(9))
    news.tell(marking(2, embargo_until=news.later(5)))
    during = news.store.incidents(cursor=None, limit=9).incidents[0].killed["low"]
    news.wait(6)

    assert (during, news.store.incidents(cursor=None, limit=9).incidents[0].killed["low"]) == (0, 9)


def rows_of(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            name: sorted(
                (
                    tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
                    for row in connection.execute(select(table))
                ),
                key=repr,
            )
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return rows


def found(news, **asked):
    page = news.store.incidents(Selection(**asked), cursor=None, limit=9)
    return [one.incident for one in page.incidents]


def test_words_that_are_withheld_are_not_found_at_any_moment(news):
    news.tell(killed(9, phrase="nine aboard the Calypso"), summary="The Calypso sank.")
    before_us = news.now_us
    news.tell(person("Jane Doe"), summary="Jane Doe was aboard.")
    shown = found(news, words=sought("calypso"))
    news.tell(marking(2, embargo_until=news.later(5)))
    hidden = [
        found(news, words=sought("calypso")),
        found(news, words=sought("calypso"), as_of_us=before_us),
        found(news, min_killed=9, as_of_us=before_us),
        found(news, words=sought("aboard")),
    ]
    news.wait(6)
    news.tell({"type": "context", "paraphrase": "background"})

    assert (shown, hidden) == (["taji"], [[], [], [], []])
    assert found(news, words=sought("calypso")) == ["taji"]
    assert found(news, words=sought("doe")) == []


def test_a_release_lets_words_be_found_from_then_on(news):
    news.tell(person("Jane Doe"), summary="Jane Doe was aboard.")
    news.tell(marking(2, audience="public"))

    assert found(news, words=sought("jane doe")) == ["taji"]
    assert found(news, words=sought("aboard")) == ["taji"]


def test_what_was_withheld_is_derived_again_byte_for_byte(news, database):
    news.tell(killed(9), person("Jane Doe"), summary="Jane Doe was aboard.")
    news.tell(correction(2, killed(7)), {"type": "title", "title": "Nine dead"})
    news.tell(marking(2, embargo_until=news.later(5)), marking(3, audience="public"))
    news.tell(killed(3), by="bbc", summary="Three dead.")
    news.tell(marking(5, audience="desk"))
    embargoed = rows_of(database)
    news.store.custody.rebuild()
    again = rows_of(database)
    news.wait(9)
    news.tell(killed(4), by="bbc")
    ended = rows_of(database)
    news.store.custody.rebuild()

    assert again == embargoed
    assert rows_of(database) == ended


def test_a_marking_withholds_though_its_own_words_were_erased(news, database):
    news.tell(killed(9))
    news.tell(marking(2, audience="desk"))
    marked = uuid_bytes(news.store.event("taji", 3).event_id)
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(delete(payloads).where(payloads.c.event_id == marked))
    engine.dispose()
    news.store.custody.rebuild()

    assert (news.killed(), news.seen()) == (0, [])
