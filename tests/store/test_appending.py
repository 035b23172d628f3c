"""ARCHITECTURE.md §3: an update is wholly there or wholly absent, once, and decided for itself."""

import json

import pytest
from msgspec import structs

from service.domain.update import Writer
from service.errors import (
    Forbidden,
    IdReused,
    IncidentExists,
    NotFound,
    Refused,
    VersionConflict,
)
from service.store.schema import migrate
from tests.histories import (
    EDITOR,
    REPORTER,
    at,
    correction,
    injured,
    killed,
    measure,
    new_incident,
    new_update,
    retraction,
    settled,
    told,
)


@pytest.fixture
def incident(store):
    store.open(new_incident("taji"), EDITOR)
    return "taji"


def versions(store, incident):
    page = store.events(incident, after_version=0, types=(), limit=1000)
    return [event.version for event in page.events]


def killed_now(store, incident):
    return json.loads(store.now(incident).body)["casualties"]["killed"]


def refused(store, incident, *reports, by=EDITOR):
    with pytest.raises(Refused) as caught:
        store.append(incident, new_update(told("afp", *reports)), by)
    (fault,) = caught.value.faults
    return fault


def test_an_opened_incident_is_at_version_1(store):
    receipt = store.open(new_incident("taji"), EDITOR).receipt

    assert (receipt.incident, receipt.version, receipt.position) == ("taji", 1, 1)
    assert [event.type for event in receipt.events] == ["incident_opened"]


def test_a_slug_is_taken_once(store, incident):
    with pytest.raises(IncidentExists):
        store.open(new_incident("taji"), EDITOR)


def test_a_missing_slug_is_made_from_title_and_date(store):
    first = store.open(new_incident(None, title="Rakéten auf Camp Taji!"), EDITOR)
    second = store.open(new_incident(None, title="Rakéten auf Camp Taji!"), EDITOR)

    assert first.receipt.incident == "raketen-auf-camp-taji-2020-03-11"
    assert second.receipt.incident == "raketen-auf-camp-taji-2020-03-11-2"


def test_a_receipt_tells_versions_keys_and_what_changed(store, incident):
    update = new_update(told("afp", killed("at least 2", key="us"), injured(5)))

    receipt = store.append(incident, update, REPORTER).receipt

    assert receipt.version == 3
    assert [(event.version, event.type, event.key) for event in receipt.events] == [
        (2, "casualties_reported", "us"),
        (3, "casualties_reported", None),
    ]
    assert receipt.changes[0].sentence == "Killed: none reported → at least 2."


def test_the_same_update_is_stored_once_and_answered_alike(store, incident):
    update = new_update(told("afp", killed(2)))

    first = store.append(incident, update, REPORTER)
    store.append(incident, new_update(told("bbc", killed(3))), REPORTER)
    again = store.append(incident, update, REPORTER)

    assert (first.replayed, again.replayed) == (False, True)
    assert again.receipt == first.receipt
    assert versions(store, incident) == [1, 2, 3]


def test_an_opening_that_comes_again_is_answered_alike(store):
    opening = new_incident("taji", killed(1))

    first, again = store.open(opening, EDITOR), store.open(opening, EDITOR)

    assert again.replayed
    assert again.receipt == first.receipt


def test_the_same_id_with_another_body_is_refused(store, incident):
    first = new_update(told("afp", killed(2)))
    store.append(incident, first, REPORTER)

    with pytest.raises(IdReused):
        store.append(incident, new_update(told("afp", killed(3)), first.update_id), REPORTER)

    assert versions(store, incident) == [1, 2]


def test_an_expected_version_is_held(store, incident):
    store.append(incident, new_update(told("afp", killed(2))), REPORTER, expecting=1)

    with pytest.raises(VersionConflict) as caught:
        store.append(incident, new_update(told("afp", killed(3))), REPORTER, expecting=1)

    assert (caught.value.expected, caught.value.actual) == (1, 2)
    assert killed_now(store, incident)["low"] == 2


def test_an_update_of_an_incident_that_is_not_there_is_refused(store):
    with pytest.raises(NotFound):
        store.append("nowhere", new_update(told("afp", killed(2))), REPORTER)


@pytest.mark.parametrize(
    ("report", "pointer"),
    [
        (retraction(99), "/reports/0/targets/0"),
        (retraction("no-such-key"), "/reports/0/targets/0"),
        (retraction(2, "00000000-0000-4000-8000-000000000000"), "/reports/0/targets/1"),
        (retraction(1), "/reports/0/targets"),
        (correction(99, killed(1)), "/reports/0/target"),
        (correction(1, killed(1)), "/reports/0/target"),
        ({"type": "dispute", "target": 99}, "/reports/0/target"),
        (killed(1, depends_on=[3]), "/reports/0/depends_on/0"),
        (killed(1, key="me", depends_on=["me"]), "/reports/0/depends_on/0"),
        (killed(1, scope="additional", additional_to=["us"]), "/reports/0/additional_to/0"),
    ],
)
def test_a_target_that_is_not_there_is_refused_with_its_pointer(store, incident, report, pointer):
    store.append(incident, new_update(told("afp", killed(2))), REPORTER)

    assert refused(store, incident, report).pointer == pointer

    assert versions(store, incident) == [1, 2]


def test_a_replacement_of_another_type_is_refused(store, incident):
    store.append(incident, new_update(told("afp", killed(2))), REPORTER)

    fault = refused(store, incident, correction(2, {"type": "context", "paraphrase": "x"}))

    assert fault.pointer == "/reports/0/replacement/type"


def test_a_retraction_of_a_retraction_is_refused(store, incident):
    store.append(incident, new_update(told("afp", killed(2))), REPORTER)
    store.append(incident, new_update(told("desk", retraction(2))), EDITOR)

    assert "report_retracted" in refused(store, incident, retraction(3)).detail


@pytest.mark.parametrize(
    "path",
    [
        "casualties.wounded",
        "casualties.killed.by_group[nationality=GB]",
        "casualties.killed.by_group[shoe_size=44]",
        "overview.measures.rockets",
        "attribution.responsibility",
        "nowhere",
    ],
)
def test_an_adjudication_of_a_path_that_does_not_exist_is_refused(store, incident, path):
    store.append(
        incident, new_update(told("afp", killed(2, group={"nationality": "US"}))), REPORTER
    )

    fault = refused(store, incident, settled(2, path))

    assert fault.pointer == "/reports/0/path"
    assert path in fault.detail
    assert versions(store, incident) == [1, 2]


def test_an_adjudication_of_people_by_halves_is_refused(store, incident):
    fault = refused(store, incident, settled({"low": 1.5}, "casualties.killed"))

    assert fault.pointer == "/reports/0/quantity"


def test_an_adjudication_may_settle_a_figure_of_its_own_update(store, incident):
    reports = [measure("rockets", 12), settled(15, "overview.measures.rockets")]

    store.append(incident, new_update(told("desk", *reports)), EDITOR)

    held = json.loads(store.now(incident).body)["overview"]["measures"]["rockets"]
    assert (held["low"], held["status"], held["because"]) == (15, "adjudicated", [3])


def orphaned(store, incident):
    unknowns = json.loads(store.now(incident).body)["unknowns"]
    return [tuple(gap["because"]) for gap in unknowns if gap["what"] == "orphaned_report"]


def test_a_ruling_stands_on_the_reports_that_carried_the_figure(store, incident):
    store.append(incident, new_update(told("afp", killed(3), at_hour=17)), REPORTER)
    store.append(incident, new_update(told("bbc", killed("at least 2"), at_hour=17)), REPORTER)
    store.append(incident, new_update(told("desk", settled(3))), EDITOR)
    assert orphaned(store, incident) == []

    store.append(incident, new_update(told("desk", retraction(2))), EDITOR)

    assert orphaned(store, incident) == [(2, 4)]


def test_a_newer_ruling_stands_on_reports_too_and_not_on_the_older_one(store, incident):
    store.append(incident, new_update(told("afp", killed(3), at_hour=17)), REPORTER)
    store.append(incident, new_update(told("desk", settled(4))), EDITOR)
    store.append(incident, new_update(told("desk", settled(5))), EDITOR)

    store.append(incident, new_update(told("desk", retraction(3))), EDITOR)
    assert orphaned(store, incident) == []
    store.append(incident, new_update(told("desk", retraction(2))), EDITOR)

    assert orphaned(store, incident) == [(2, 4)]


def test_a_ruling_that_says_what_it_stands_on_stands_on_that_alone(store, incident):
    store.append(incident, new_update(told("afp", killed(3), at_hour=17)), REPORTER)
    store.append(incident, new_update(told("bbc", killed(3), at_hour=17)), REPORTER)
    store.append(incident, new_update(told("desk", settled(3, depends_on=[3]))), EDITOR)

    store.append(incident, new_update(told("desk", retraction(2))), EDITOR)
    assert orphaned(store, incident) == []
    store.append(incident, new_update(told("desk", retraction(3))), EDITOR)

    assert orphaned(store, incident) == [(3, 4)]


@pytest.mark.parametrize("act", [correction("later", killed(1)), retraction("later")])
def test_an_act_on_a_report_that_comes_later_in_its_update_is_refused(store, incident, act):
    fault = refused(store, incident, act, killed(2, key="later"))

    assert "comes later in this update" in fault.detail
    assert versions(store, incident) == [1]


def test_corrections_that_correct_one_another_are_refused(store, incident):
    first = correction("second", killed(1), key="first")
    second = correction("first", killed(2), key="second")

    fault = refused(store, incident, first, second)

    assert fault.pointer == "/reports/0/target"


def test_a_retraction_of_all_that_somebody_said_who_said_nothing_is_refused(store, incident):
    store.append(incident, new_update(told("afp", killed(2), at_hour=12)), REPORTER)
    of_afp = {"targets": {"publisher": "afp", "since": at(13)}}
    of_nobody = {"targets": {"origin": "nobody", "since": at(1)}}

    for scope, named in ((of_afp, "publisher afp"), (of_nobody, "origin nobody")):
        fault = refused(store, incident, {"type": "retraction", "reason": "withdrawn", **scope})

        assert fault.pointer == "/reports/0/targets"
        assert named in fault.detail


def test_a_retraction_reaches_what_its_own_update_said_before_it(store, incident):
    scope = {"type": "retraction", "targets": {"publisher": "afp", "since": at(1)}}

    store.append(incident, new_update(told("afp", killed(2), scope)), EDITOR)

    held = json.loads(store.now(incident).body)
    assert held["casualties"]["killed"]["status"] == "unreported"


def test_a_correction_that_moves_a_report_to_another_cell_outranks_what_is_said_beside_it(
    store, incident
):
    hurt = injured("at least 2", effective_at=at(12))
    store.append(incident, new_update(told("afp", hurt, at_hour=9)), REPORTER)

    beside = [correction(2, killed(3)), killed("at least 2")]
    store.append(incident, new_update(told("afp", *beside, at_hour=9)), EDITOR)

    held = json.loads(store.now(incident).body)["casualties"]["killed"]
    assert (held["low"], held["because"]) == (3, [3])


def test_targets_are_found_by_version_event_id_key_and_update(store, incident):
    reports = [killed(2, key="us"), injured(5, key="hurt")]
    receipt = store.append(incident, new_update(told("afp", *reports)), REPORTER).receipt
    update_id, event_id = receipt.update_id, receipt.events[0].event_id

    for target in (2, event_id, f"{update_id}#us"):
        store.append(
            incident, new_update(told("dod", {"type": "dispute", "target": target})), REPORTER
        )
    store.append(incident, new_update(told("desk", retraction(update_id))), EDITOR)
    held = json.loads(store.now(incident).body)

    assert [act["target"] for act in held["disputed"]] == [2, 2, 2]
    assert held["retractions"][0]["targets"] == [2, 3]
    assert held["casualties"]["killed"]["status"] == "unreported"


def test_a_correction_of_a_correction_stands_for_the_first_report(store, incident):
    store.append(incident, new_update(told("afp", killed(30))), REPORTER)
    store.append(incident, new_update(told("desk", correction(2, killed(3)))), EDITOR)
    store.append(incident, new_update(told("desk", correction(3, killed(4)))), EDITOR)

    held = json.loads(store.now(incident).body)

    assert held["casualties"]["killed"]["low"] == 4
    assert [act["target"] for act in held["corrections"]] == [2, 2]


def test_a_target_in_another_incident_is_refused(store, incident):
    elsewhere = store.open(new_incident("elsewhere", killed(1)), EDITOR).receipt

    fault = refused(store, incident, retraction(elsewhere.events[1].event_id))

    assert fault.pointer == "/reports/0/targets/0"


def test_one_bad_report_keeps_the_whole_update_out(store, incident):
    refused(store, incident, killed(2), retraction(99))

    assert versions(store, incident) == [1]
    assert killed_now(store, incident)["status"] == "unreported"


def test_a_retraction_needs_an_editor(store, incident):
    store.append(incident, new_update(told("afp", killed(2))), REPORTER)

    with pytest.raises(Forbidden):
        store.append(incident, new_update(told("afp", retraction(2))), REPORTER)


def test_a_publisher_may_correct_itself_but_not_another(store, incident):
    store.append(incident, new_update(told("afp", killed(30))), REPORTER)

    with pytest.raises(Forbidden):
        store.append(incident, new_update(told("bbc", correction(2, killed(3)))), REPORTER)
    store.append(incident, new_update(told("afp", correction(2, killed(3)))), REPORTER)

    assert killed_now(store, incident)["low"] == 3


def test_a_publication_ahead_of_the_stores_clock_is_refused(database, open_store):
    store = open_store(database, clock=lambda: 1_583_928_000_000_000)  # 2020-03-11T12:00:00Z
    store.open(new_incident("taji"), EDITOR)
    ahead = {**told("afp", killed(2)), "published_at": "2020-03-11T12:05:01Z"}
    today = {**told("afp", killed(2)), "published_at": "2020-03-11"}
    tomorrow = {**told("afp", killed(2)), "published_at": "2020-03-12"}

    store.append("taji", new_update(today), REPORTER)
    for update in (ahead, tomorrow):
        with pytest.raises(Refused) as caught:
            store.append("taji", new_update(update), REPORTER)
        assert caught.value.faults[0].pointer == "/published_at"

    assert versions(store, "taji") == [1, 2]


def test_recorded_at_rises_when_the_clock_is_set_back(database, open_store):
    moments = iter([5_000_000, 9_000_000, 2_000_000, 1_000_000])
    store = open_store(database, clock=lambda: next(moments, 1_000_000))
    update = {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(1)]}
    opening = structs.replace(new_incident("taji"), update=new_update({**update, "reports": []}))

    store.open(opening, EDITOR)
    told_at = [
        store.append("taji", new_update(update), REPORTER).receipt.recorded_at for _ in range(3)
    ]

    assert told_at == sorted(told_at)
    assert len(set(told_at)) == 3


def test_an_append_from_another_process_is_seen(database, open_store):
    one, other = open_store(database), open_store(database)
    one.open(new_incident("taji"), EDITOR)

    one.append("taji", new_update(told("afp", killed(2), at_hour=1)), REPORTER)
    other.append("taji", new_update(told("afp", killed(3), at_hour=2)), REPORTER)
    receipt = one.append("taji", new_update(told("afp", killed(4), at_hour=3)), REPORTER).receipt

    assert receipt.version == 4
    assert (receipt.changes[0].from_["low"], receipt.changes[0].to["low"]) == (3, 4)


def test_what_another_process_wrote_of_any_incident_is_never_overlooked(database, open_store):
    one, other = open_store(database), open_store(database)
    for incident in ("taji", "albu-kamal"):
        one.open(new_incident(incident), EDITOR)
        one.append(incident, new_update(told("afp", killed(1), at_hour=1)), REPORTER)
    for incident in ("taji", "albu-kamal"):
        other.append(incident, new_update(told("afp", killed(2), at_hour=2)), REPORTER)

    one.append("taji", new_update(told("afp", killed(3), at_hour=3)), REPORTER)
    receipt = one.append(
        "albu-kamal", new_update(told("afp", killed(3), at_hour=3)), REPORTER
    ).receipt

    assert receipt.version == 4
    assert (receipt.changes[0].from_["low"], receipt.changes[0].to["low"]) == (2, 3)
    chain = [
        event.leaf for event in one.events("albu-kamal", after_version=0, types=(), limit=9).events
    ]
    assert len(set(chain)) == 4


def test_migrating_twice_changes_nothing(store, database, incident):
    migrate(database)

    assert versions(store, incident) == [1]


def test_a_key_opens_until_it_is_revoked_and_is_stored_hashed(store, database):
    key = store.add_key("ada", "reporter")

    assert store.authenticate(key) == Writer(name="ada", role="reporter")
    assert store.authenticate(key + "x") is None
    store.revoke_key("ada")
    assert store.authenticate(key) is None
    with pytest.raises(Refused):
        store.add_key("ada", "reporter")
    with pytest.raises(Refused):
        store.add_key("bob", "king")
    with pytest.raises(NotFound):
        store.revoke_key("bob")
