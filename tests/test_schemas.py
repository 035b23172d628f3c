"""The write door: what may be posted, and where a fault is said to be (DOMAIN.md §3–4)."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from schemas.editorial import REPLACEMENTS
from schemas.geometry import MOST_POSITIONS
from schemas.reports import SCHEMAS
from schemas.update import load_incident, load_update
from service.domain.lifecycle import IncidentKind
from service.domain.quantity import amount
from service.domain.report import SourceKind
from service.domain.reports import WIRE_TYPES, decode_report
from service.errors import Malformed, Refused

Json = dict[str, Any]

UPDATE_ID = "c664395b-22af-5ee6-a055-ea6cb3403295"
PRESS: Json = {"key": "the-drive", "kind": "press"}
KILLED: Json = {"type": "casualties", "harm": "killed", "quantity": "at least two"}
TARGET: Json = {"type": "location", "role": "target"}
EVIDENCE: Json = {"type": "evidence"}
COUNTED: Json = {"type": "casualties", "harm": "killed", "quantity": {"low": 3}}

LEAST: dict[str, Json] = {
    "title": {"title": "Rockets on Taji"},
    "status": {"status": "stable"},
    "link": {"to": "k-1-attack", "relation": "follows"},
    "unlink": {"to": "k-1-attack", "relation": "follows"},
    "merge": {"into": "taji-2020-03-11", "reason": "the same rockets"},
    "time": {"occurred": {"earliest": "2020-03"}},
    "location": {"role": "target", "country": "IQ"},
    "means": {"weapon": "rocket"},
    "actor": {"actor": "US military", "role": "target"},
    "damage": {"object": "hangar", "extent": "destroyed"},
    "measure": {"name": "rockets_fired", "quantity": "about 15"},
    "casualties": {"harm": "killed", "quantity": {"low": 2}},
    "casualty_outcome": {"from": "injured", "to": "killed", "quantity": "2"},
    "attribution": {"statement": "no_claim"},
    "response": {"response": "us-strikes", "execution": "announced"},
    "statement": {"speaker": "The mayor", "stance": "condemns", "paraphrase": "Condemned it."},
    "context": {"paraphrase": "The base had been hit before."},
    "narrative": {"body": "It began at dusk.\n\tThen silence."},
    "evidence": {"url": "https://example.org/a"},
    "person": {"name": "A. Person"},
    "question": {"question": "Who fired?"},
    "answer": {"question": "Who fired?"},
    "correction": {"target": 2, "kind": "number", "replacement": KILLED},
    "retraction": {"targets": [2]},
    "adjudication": {"path": "casualties.killed", "quantity": "3", "rationale": "names published"},
    "marking": {"targets": [2], "audience": "desk"},
    "erasure": {"targets": [2]},
    "dispute": {"target": 2},
    "endorsement": {"target": "us"},
}
"""Of every report type the keys that it cannot do without."""


def update(*reports: Any, **more: Any) -> Json:
    return {"publisher": PRESS, "published_at": "2020-03-11", "reports": list(reports), **more}


def opening(**more: Any) -> Json:
    return {"title": "Rockets on Taji", "kind": "attack.rocket", "publisher": PRESS, **more}


def posted(body: Any) -> bytes:
    return json.dumps(body).encode()


def faults(body: Any, **options: Any) -> dict[str, str]:
    """What `load_update` finds wrong: detail by pointer."""
    with pytest.raises(Refused) as refused:
        load_update(posted(body), **options)
    return {fault.pointer: fault.detail for fault in refused.value.faults}


def taken(report: Json) -> Any:
    return load_update(posted(update(report))).reports[0].report


def quantity(value: Any, kind: str = "casualties") -> Json:
    named = {"harm": "killed"} if kind == "casualties" else {"name": "hectares"}
    return {"type": kind, **named, "quantity": value}


def correction(**replacement: Any) -> Json:
    return {"type": "correction", "target": 2, "kind": "number", "replacement": replacement}


def test_every_report_type_but_the_opening_can_be_posted():
    posted_types = set(SCHEMAS)

    known = set(WIRE_TYPES)

    assert posted_types == known - {"opening"}
    assert set(LEAST) == posted_types


def test_only_what_says_something_of_the_incident_can_replace_a_report():
    editorial_and_lifecycle = {
        *("title", "status", "link", "unlink", "merge"),
        *("correction", "retraction", "dispute", "endorsement", "adjudication", "marking"),
        "erasure",
    }

    replacements = set(REPLACEMENTS)

    assert replacements == set(SCHEMAS) - editorial_and_lifecycle


@pytest.mark.parametrize("kind", LEAST)
def test_a_report_with_its_least_keys_becomes_its_event(kind: str):
    report = {"type": kind, **LEAST[kind]}

    loaded = load_update(posted(update(report)))

    assert type(loaded.reports[0].report) is WIRE_TYPES[kind]


@pytest.mark.parametrize("kind", LEAST)
def test_a_null_under_an_optional_key_means_not_said(kind: str):
    silence = {name: None for name, field in SCHEMAS[kind].fields.items() if not field.required}
    bare = {"type": kind, **LEAST[kind]}

    loaded = load_update(posted(update({**silence, **bare}))).reports[0]

    assert loaded.report == taken(bare)
    assert json.loads(loaded.body) == {**silence, **bare}
    assert decode_report(loaded.body) == loaded.report


@pytest.mark.parametrize("kind", LEAST)
def test_a_null_under_a_required_key_is_refused(kind: str):
    required = [name for name, field in SCHEMAS[kind].fields.items() if field.required]

    found = faults(update({"type": kind, **LEAST[kind], required[-1]: None}))

    assert f"/reports/0/{required[-1]}" in found


def test_an_update_is_what_was_posted():
    body = update(KILLED, update_id=UPDATE_ID.upper(), summary="Two dead.")

    loaded = load_update(posted(body))

    assert loaded.update_id == UPDATE_ID
    assert (loaded.publisher.key, loaded.publisher.kind) == ("the-drive", SourceKind.PRESS)
    assert (loaded.published_at, loaded.summary) == ("2020-03-11", "Two dead.")
    assert json.loads(loaded.reports[0].body) == KILLED


def test_an_incident_may_be_opened_without_any_report():
    body = opening(incident="taji-2020-03-11", reports=[])

    loaded = load_incident(posted(body))

    assert (loaded.incident, loaded.kind) == ("taji-2020-03-11", IncidentKind.ATTACK_ROCKET)
    assert loaded.update.reports == ()
    assert load_incident(posted(opening())).incident is None


def test_numbers_are_kept_as_they_were_written():
    body = b'{"publisher":{"key":"a","kind":"press"},"reports":[%s]}'
    report = b'{"type":"measure","name":"hectares","quantity":{"low":0.10,"high":1e2}}'

    loaded = load_update(body % report).reports[0]

    assert loaded.body == report.replace(b"1e2", b"1E+2")
    assert amount(loaded.report.quantity).low == Decimal("0.10")


def test_the_digest_knows_an_update_by_its_content_alone():
    one, same, other = (
        posted({"update_id": UPDATE_ID, **update(KILLED)}),
        posted(dict(reversed(update(KILLED).items()))),
        posted(update(KILLED, summary="Other.")),
    )

    digests = [load_update(body).digest for body in (one, same, other)]

    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == sha256().digest_size


def test_an_update_without_an_id_is_given_one():
    body = posted(update(KILLED))

    first, second = load_update(body), load_update(body)

    assert first.update_id != second.update_id


@pytest.mark.parametrize("header", [UPDATE_ID, UPDATE_ID.upper(), UPDATE_ID.replace("-", "")])
def test_the_header_may_give_the_id(header: str):
    body = update(KILLED)

    loaded = load_update(posted(body), update_id=header)

    assert loaded.update_id == UPDATE_ID
    assert loaded.digest == load_update(posted(body)).digest


@pytest.mark.parametrize("header", ["", "12", f"{{{UPDATE_ID}}}", f"urn:uuid:{UPDATE_ID}"])
def test_an_id_that_is_no_uuid_is_refused(header: str):
    body = update(KILLED)

    found = faults(body, update_id=header)

    assert set(found) == {"/update_id"}
    assert set(faults({**body, "update_id": header})) == {"/update_id"}


def test_two_ids_that_differ_are_refused():
    body = update(KILLED, update_id=UPDATE_ID)

    found = faults(body, update_id=UPDATE_ID.replace("c", "d"))

    assert found == {"/update_id": "differs from the header Idempotency-Key"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "the body is empty"),
        (b'{"publisher":', "not JSON"),
        (b'{"a":1} x', "(byte 9)"),
        (b"[]", "must be a JSON object"),
        (b'"\xff"', "not UTF-8"),
        (b'{"a":"\\ud800"}', "not JSON"),
        (b'{"a":1e99999999999999999999}', "impossible exponent"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "deeper than 32 levels"),
        (b'{"a":' + b"[" * 100_000, "deeper than 32 levels"),
    ],
)
def test_what_cannot_be_read_is_malformed(body: bytes, told: str):
    with pytest.raises(Malformed) as malformed:
        load_update(body)

    assert told in str(malformed.value)


def test_all_faults_are_told_at_once():
    reports = [{**KILLED, "harm": "hurt", "phrase": 5}, {"type": "means", "origin": {"key": "a"}}]

    found = faults({"summary": "x" * 281, "reports": reports, "source": "x"})

    assert set(found) == {
        "/publisher",
        "/summary",
        "/source",
        "/reports/0/harm",
        "/reports/0/phrase",
        "/reports/1/weapon",
        "/reports/1/origin/kind",
    }


def test_an_unknown_key_is_refused_with_a_guess():
    report = {**KILLED, "quantitty": 1, "a/b~c": 2, "group": {"nationalty": "US"}}

    found = faults(update(report))

    assert found == {
        "/reports/0/quantitty": 'unknown key; did you mean "quantity"?',
        "/reports/0/a~1b~0c": "unknown key",
        "/reports/0/group/nationalty": 'unknown key; did you mean "nationality"?',
    }


@pytest.mark.parametrize("kind", ["casualty", "opening", "expunction", 5, ["casualties"]])
def test_an_unknown_type_is_refused_with_the_known_ones(kind: Any):
    found = faults(update({**KILLED, "type": kind}))

    assert set(found) == {"/reports/0/type"}
    assert found["/reports/0/type"].startswith("unknown type; must be one of: title, status")


def test_a_word_outside_its_vocabulary_is_refused_with_the_allowed_ones():
    found = faults(update({**KILLED, "modality": "maybe"}))

    assert found == {
        "/reports/0/modality": "must be one of: asserted, reportedly, possible, inferred, "
        "conditional, denied, planned"
    }


def test_free_text_goes_only_beside_other():
    said = {**KILLED, "origin": {"key": "a", "kind": "other", "kind_other": "a radio ham"}}
    unsaid = {**KILLED, "origin": {"key": "a", "kind": "press", "kind_other": "a radio ham"}}

    found = faults(update(unsaid))

    assert found == {"/reports/0/origin/kind_other": 'goes only with "kind": "other"'}
    assert taken(said).origin.kind_other == "a radio ham"


def test_a_key_names_one_report_of_an_update():
    first, second = {**KILLED, "key": "us"}, {"type": "means", "weapon": "rocket", "key": "us"}

    found = faults(update(first, {**KILLED, "key": "gb"}, second))

    assert found == {"/reports/2/key": "used before, by /reports/0"}


@pytest.mark.parametrize("count", [0, 1001])
def test_an_update_holds_one_to_a_thousand_reports(count: int):
    reports = ["no report"] * count

    found = faults(update(*reports))

    assert found == {"/reports": "must hold 1 to 1000 entries"}
    assert len(load_update(posted(update(*[KILLED] * 1000))).reports) == 1000


def test_a_flood_of_faults_is_cut_off():
    unknown = {f"k{number}": 0 for number in range(3000)}

    with pytest.raises(Refused) as refused:
        load_update(posted(update(KILLED, **unknown)))

    assert len(refused.value.faults) == 1001
    assert refused.value.faults[-1] == ("", "2000 more faults")


@pytest.mark.parametrize(
    ("report", "pointer", "told"),
    [
        (quantity({"low": 5, "high": 3}), "/quantity/low", "low 5 lies above high 3"),
        (quantity({"low": 1, "high": 3, "best": 4}), "/quantity/best", "outside low–high"),
        (quantity({"low": -1}), "/quantity/low", "between 0 and 1000000000000"),
        (quantity({"low": 1, "high": 10**13}), "/quantity/high", "high must lie between"),
        (quantity({"low": 1.5}), "/quantity/low", "whole numbers"),
        (quantity("1.5"), "/quantity", "whole numbers"),
        (quantity({"high": 3}), "/quantity/low", "missing"),
        (quantity({"low": "3"}), "/quantity/low", "must be a number"),
        (quantity({"low": True}), "/quantity/low", "must be a number"),
        (quantity({"low": None}), "/quantity/low", "must not be null"),
        (quantity({"low": 1, "hihg": 2}), "/quantity/hihg", "unknown key"),
        (quantity(3), "/quantity", "must be words"),
        (quantity("a whole lot"), "/quantity", "no quantity in the lexicon"),
        (quantity("1 " * 60), "/quantity", "at most 100 characters"),
        (quantity({"low": 0.1234567}, "measure"), "/quantity/low", "6 decimal places"),
        (quantity({"low": 1e-300}, "measure"), "/quantity/low", "6 decimal places"),
    ],
)
def test_an_impossible_quantity_is_refused(report: Json, pointer: str, told: str):
    found = faults(update(report))

    assert list(found) == [f"/reports/0{pointer}"]
    assert told in found[f"/reports/0{pointer}"]


def test_a_number_below_all_decimal_places_is_refused():
    body = posted(update(quantity({"low": 0}, "measure"))).replace(
        b'"low": 0', b'"low": 1e-9999999'
    )

    with pytest.raises(Refused) as refused:
        load_update(body)

    assert refused.value.faults[0].pointer == "/reports/0/quantity/low"


def test_things_may_have_decimals_and_people_may_be_open_ended():
    burned = taken(quantity({"low": 2.5, "high": None}, "measure"))

    people = taken(quantity({"low": 2.0, "high": None}))

    assert (burned.quantity.low, burned.quantity.high) == (Decimal("2.5"), None)
    assert (people.quantity.low, people.quantity.high) == (2, None)


@pytest.mark.parametrize(
    ("report", "pointer"),
    [
        ({**KILLED, "key": "-us"}, "/key"),
        ({**KILLED, "phrase": " \t"}, "/phrase"),
        ({**KILLED, "phrase": "two\x00dead"}, "/phrase"),
        ({**KILLED, "phrase": "two\rdead"}, "/phrase"),
        ({**KILLED, "phrase": "two\x7fdead"}, "/phrase"),
        ({**KILLED, "phrase": "x" * 501}, "/phrase"),
        ({**KILLED, "origin": {"key": "The Drive", "kind": "press"}}, "/origin/key"),
        ({**KILLED, "origin": {"key": "a", "kind": "press", "named": "no"}}, "/origin/named"),
        ({**KILLED, "origin": "the-drive"}, "/origin"),
        ({**KILLED, "grading": {"reliability": "G"}}, "/grading/reliability"),
        ({**KILLED, "grading": {"credibility": 7}}, "/grading/credibility"),
        ({**KILLED, "grading": {"credibility": "2"}}, "/grading/credibility"),
        ({**KILLED, "depends_on": "us"}, "/depends_on"),
        ({**KILLED, "depends_on": {"us": 1}}, "/depends_on"),
        ({**KILLED, "depends_on": ["us", 0]}, "/depends_on/1"),
        ({**KILLED, "depends_on": ["us", ""]}, "/depends_on/1"),
        ({**KILLED, "depends_on": [1.5]}, "/depends_on/0"),
        ({**KILLED, "depends_on": [True]}, "/depends_on/0"),
        ({**KILLED, "depends_on": [None]}, "/depends_on/0"),
        ({**KILLED, "depends_on": [2**63]}, "/depends_on/0"),
        ({**KILLED, "depends_on": ["x" * 201]}, "/depends_on/0"),
        ({**KILLED, "depends_on": ["us"] * 1001}, "/depends_on"),
        ({**KILLED, "additional_to": ["us"]}, "/additional_to"),
        ({**KILLED, "additional_to": ["us"], "scope": "part"}, "/additional_to"),
        ({**KILLED, "group": {"role": "soldier"}}, "/group/role"),
        ({"type": "measure", "name": "Rockets", "quantity": "3"}, "/name"),
        ({"type": "link", "to": "K1", "relation": "follows"}, "/to"),
        ({"type": "title", "title": "x" * 201}, "/title"),
        ({"type": "narrative", "body": "x" * 50_001}, "/body"),
        ({"type": "response", "response": "Strikes", "execution": "announced"}, "/response"),
        ({"type": "attribution", "statement": "claim"}, "/subject"),
        ({"type": "attribution", "statement": "no_claim", "relation": "sponsor"}, "/relation"),
        ({**TARGET, "country": "iq"}, "/country"),
        ({**TARGET, "country": "IRQ"}, "/country"),
        (TARGET, ""),
        ({**TARGET, "name": None}, ""),
        ({**TARGET, "relative": {"bearing": "NW"}}, "/relative/of"),
        ({**TARGET, "relative": {"of": "Baghdad", "distance_km": -1}}, "/relative/distance_km"),
        (EVIDENCE, ""),
        ({**EVIDENCE, "media_type": "image/png"}, ""),
        ({**EVIDENCE, "url": "ftp://example.org/a"}, "/url"),
        ({**EVIDENCE, "url": "javascript:alert(1)"}, "/url"),
        ({**EVIDENCE, "url": "https://"}, "/url"),
        ({**EVIDENCE, "url": "https://[::1"}, "/url"),
        ({**EVIDENCE, "url": "https://example.org/" + "x" * 2000}, "/url"),
        ({**EVIDENCE, "sha256": "0" * 63}, "/sha256"),
        ({**EVIDENCE, "sha256": "g" * 64}, "/sha256"),
        ({**EVIDENCE, "url": "https://example.org", "media_type": "picture"}, "/media_type"),
        ({**EVIDENCE, "url": "https://example.org", "captured_at": "noon"}, "/captured_at"),
        ({"type": "person", "name": "A", "next_of_kin_informed": 1}, "/next_of_kin_informed"),
    ],
)
def test_a_report_that_breaks_a_rule_is_refused_at_its_place(report: Json, pointer: str):
    found = faults(update(report))

    assert list(found) == [f"/reports/0{pointer}"]


@pytest.mark.parametrize(
    "written",
    ["2020-03-11", "2020-03-11T17:00:00Z", "2020-03-11T20:00:00+03:00", "2020-03-11t17:00:00.5z"],
)
def test_a_moment_is_a_timestamp_with_offset_or_a_date(written: str):
    body = update({**KILLED, "effective_at": written}, published_at=written)

    loaded = load_update(posted(body))

    assert loaded.published_at == loaded.reports[0].report.effective_at == written


@pytest.mark.parametrize(
    "written",
    [
        "2020-03",
        "2020-W11-3",
        "2020-02-30",
        "2020-03-11 17:00:00Z",
        "2020-03-11T17:00:00",
        "2020-03-11T17:00:00,5Z",
        "2020-03-11T23:59:60Z",
        "2020-03-11T17:00:00+25:00",
        1583946000,
    ],
)
def test_anything_else_is_no_moment(written: Any):
    found = faults(update({**KILLED, "effective_at": written}, published_at=written))

    assert set(found) == {"/published_at", "/reports/0/effective_at"}


@pytest.mark.parametrize(
    ("occurred", "pointer"),
    [
        ({}, "/earliest"),
        ({"earliest": "noon"}, "/earliest"),
        ({"earliest": "2020-03-11", "latest": "2020-03-10"}, "/latest"),
        ({"earliest": "2020-03-11T17:00:00Z", "latest": "2020-02"}, "/latest"),
        ({"earliest": "2020-03", "precision": "week"}, "/precision"),
        ({"latest": "2020-03"}, "/earliest"),
    ],
)
def test_an_impossible_time_of_occurrence_is_refused(occurred: Json, pointer: str):
    found = faults(update({"type": "time", "occurred": occurred}))

    assert list(found) == [f"/reports/0/occurred{pointer}"]


SQUARE = [[44, 33], [45, 33], [45, 34], [44, 33]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [44.3, 33.5]},
        {"type": "Point", "coordinates": [-180, 90, 34.5]},
        {"type": "MultiPoint", "coordinates": [[44, 33]]},
        {"type": "LineString", "coordinates": [[44, 33], [45, 33]]},
        {"type": "MultiLineString", "coordinates": [[[44, 33], [45, 33]]]},
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE, SQUARE]]},
        {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": [44, 33]}],
        },
    ],
)
def test_a_geometry_of_geojson_is_taken(geometry: Json):
    report = taken({**TARGET, "geometry": geometry})

    drawn = json.loads(json.dumps(report.geometry, default=float))

    assert drawn == geometry


@pytest.mark.parametrize(
    ("geometry", "pointer"),
    [
        ("POINT (44 33)", ""),
        ({}, "/type"),
        ({"type": "Circle", "coordinates": [44, 33]}, "/type"),
        ({"type": "Point"}, "/coordinates"),
        ({"type": "Point", "coordinates": [44]}, "/coordinates"),
        ({"type": "Point", "coordinates": [44, 33, 0, 0]}, "/coordinates"),
        ({"type": "Point", "coordinates": [33, 91]}, "/coordinates/1"),
        ({"type": "Point", "coordinates": [-180.1, 33]}, "/coordinates/0"),
        ({"type": "Point", "coordinates": ["44", 33]}, "/coordinates/0"),
        ({"type": "Point", "coordinates": [44, 33], "crs": {}}, "/crs"),
        ({"type": "LineString", "coordinates": [[44, 33]]}, "/coordinates"),
        ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, "/coordinates/0"),
        ({"type": "Polygon", "coordinates": [[*SQUARE[:3], [44, 33.1]]]}, "/coordinates/0"),
        ({"type": "Polygon", "coordinates": []}, "/coordinates"),
        (
            {"type": "GeometryCollection", "geometries": [{"type": "Point"}]},
            "/geometries/0/coordinates",
        ),
        ({"type": "MultiPoint", "coordinates": [[44, 33]] * (MOST_POSITIONS + 1)}, ""),
    ],
)
def test_a_geometry_that_cannot_be_drawn_is_refused(geometry: Any, pointer: str):
    found = faults(update({**TARGET, "geometry": geometry}))

    assert list(found) == [f"/reports/0/geometry{pointer}"]


@pytest.mark.parametrize(
    ("report", "pointer"),
    [
        (correction(), "/replacement/type"),
        (correction(type="retraction", targets=[1]), "/replacement/type"),
        (correction(type="title", title="Other"), "/replacement/type"),
        (correction(**KILLED, origin=PRESS), "/replacement/origin"),
        (correction(**KILLED, modality="denied"), "/replacement/modality"),
        (correction(type="casualties", harm="killed"), "/replacement/quantity"),
        (correction(**quantity({"low": 5, "high": 3})), "/replacement/quantity/low"),
        ({**correction(**KILLED), "target": None}, "/target"),
        ({**correction(**KILLED), "target": 0}, "/target"),
        ({**correction(**KILLED), "kind_other": "a slip"}, "/kind_other"),
        ({"type": "retraction", "targets": []}, "/targets"),
        ({"type": "retraction", "targets": 5}, "/targets"),
        ({"type": "retraction", "targets": {"since": "2020-03-11"}}, "/targets"),
        ({"type": "retraction", "targets": {"origin": "a"}}, "/targets/since"),
        (
            {
                "type": "retraction",
                "targets": {"origin": "a", "publisher": "b", "since": "2020-03-11"},
            },
            "/targets",
        ),
        ({"type": "retraction", "targets": {"origin": "a", "since": "then"}}, "/targets/since"),
        ({"type": "dispute", "grounds": "no"}, "/target"),
    ],
)
def test_an_editorial_act_that_cannot_be_done_is_refused(report: Json, pointer: str):
    found = faults(update(report))

    assert list(found) == [f"/reports/0{pointer}"]


@pytest.mark.parametrize("since", ["2020-03", "2020-03-11", "2020-03-11T17:00:00Z"])
def test_all_that_a_publisher_said_since_a_moment_can_be_retracted(since: str):
    report = taken({"type": "retraction", "targets": {"publisher": "the-drive", "since": since}})

    scope = report.targets

    assert (scope.publisher, scope.origin, scope.since) == ("the-drive", None, since)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"kind": None}, "/kind"),
        ({"kind": "attack"}, "/kind"),
        ({"kind_other": "a duel"}, "/kind_other"),
        ({"title": " "}, "/title"),
        ({"incident": "Taji"}, "/incident"),
        ({"incident": "ta"}, "/incident"),
        ({"incident": "t" * 81}, "/incident"),
        ({"publisher": {**PRESS, "url": "example.org"}}, "/publisher/url"),
        ({"publisher": {"key": "a"}}, "/publisher/kind"),
        ({"reports": {}}, "/reports"),
        ({"reports": [5]}, "/reports/0"),
    ],
)
def test_an_incident_that_cannot_be_opened_is_refused(more: Json, pointer: str):
    body = posted(opening(**more))

    with pytest.raises(Refused) as refused:
        load_incident(body)

    assert [fault.pointer for fault in refused.value.faults] == [pointer]
