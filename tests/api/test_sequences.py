"""Sequences of requests, each made of what the one before was answered: open, append, read,
correct, prove. No 5xx, no undocumented answer, nothing lost that was acknowledged.

The links from answer to request are added to the served document here: they say how a tester goes
on, which is nobody's contract.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from service.app import create_app
from service.errors import NotFound
from service.proof.evidence import check, read_proof
from tests.histories import (
    Json,
    correction,
    injured,
    killed,
    measure,
    outcome,
    person,
    response,
    says,
    settled,
)
from tests.signing import SIGNER, signed

INCIDENT, VERSION, UPDATE = (
    f"$response.body#/{name}" for name in ("incident", "version", "update_id")
)
PUBLISHER = {"key": "afp", "kind": "press"}

LEAST = (
    *(("open_incident", 201, 10), ("append_update", 201, 20), ("get_situation", 200, 5)),
    *(("get_update", 200, 5), ("get_event", 200, 5), ("list_feed", 200, 5)),
    *(("get_proof", 200, 5), ("get_consistency", 200, 1)),
    ("preview_update", 200, 5),
)
"""What must have happened, or nothing was tried."""

LONGEST = 8
"""The version that some incident must have reached."""

ROUNDS = range(2, 12)
"""How many are made at least and at most. What can be drawn is not the same everywhere: some draws
come less far than others.
"""

RUNS = settings(
    max_examples=16,
    stateful_step_count=80,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def link(operation: str, **parameters: Any) -> Json:
    """To an operation, with values of the answer."""
    return {"operationId": operation, "parameters": parameters}


def posting(*reports: Json) -> Json:
    """To another update, of these reports alone."""
    return {
        **link("append_update", incident=INCIDENT),
        "requestBody": {"publisher": PUBLISHER, "reports": list(reports)},
        "x-schemathesis": {"merge_body": False},
    }


TO_ITSELF = {
    "situation": link("get_situation", incident=INCIDENT),
    "pinned": link("get_situation", incident=INCIDENT, version=VERSION),
    "updates": link("list_updates", incident=INCIDENT),
    "update": link("get_update", incident=INCIDENT, update_id=UPDATE),
    "events": link("list_events", incident=INCIDENT),
    "event": link("get_event", incident=INCIDENT, version=VERSION),
    "timemap": link("get_timemap", incident=INCIDENT),
    "changes": link("get_changes", incident=INCIDENT, to=VERSION),
    "explained": link("get_explanation", incident=INCIDENT, path="casualties.killed"),
    "series": link("get_series", incident=INCIDENT, figure="casualties.killed"),
    "proof": link("get_proof", incident=INCIDENT, version=VERSION),
    "feed": link("list_feed", incident=INCIDENT),
    "foreseen": {**posting(killed(5)), **link("preview_update", incident=INCIDENT)},
    "told": posting(killed(3), killed("at least 2", scope="part")),
    "hurt": posting(injured("several"), measure("rockets_fired", 15)),
    "claimed": posting(says("claim", "Somebody")),
    "located": posting({"type": "location", "role": "target", "country": "IQ"}),
    "dated": posting({"type": "time", "occurred": {"earliest": "2020-03-11"}}),
    "worse": posting(outcome("injured", "killed", 1)),
    "named": posting(person("Somebody", informed=True)),
    "settled": posting(settled(4)),
    "asked": posting(
        {"type": "question", "question": "Who fired?"}, response("announced", "rumoured")
    ),
    "next": link("append_update", incident=INCIDENT),
}
LINKS = {
    ("/v1/incidents", "post", "201"): TO_ITSELF,
    ("/v1/incidents/{incident}/updates", "post", "201"): {
        **TO_ITSELF,
        "corrected": posting(correction(VERSION, killed(4))),
        "retracted": posting({"type": "retraction", "targets": [VERSION], "reason": "withdrawn"}),
        "marked": posting({"type": "marking", "targets": [VERSION], "audience": "desk"}),
        "erased": posting({"type": "erasure", "targets": [VERSION]}),
    },
    ("/v1/incidents/{incident}/proof/{version}", "get", "200"): {
        "event": link("get_event", incident=INCIDENT, version=VERSION),
        "grown": link("get_consistency", lane=0, **{"from": "$response.body#/index"}),
        "signed": link("get_checkpoint", lane=0),
    },
}
FOLLOWED = {
    "open_incident",
    *(to["operationId"] for told in LINKS.values() for to in told.values()),
}


@pytest.fixture
def app(database: str) -> Iterator[Flask]:
    with signed(database) as (opening,):
        made = create_app(opening)
        yield made
        made.extensions["sitrep"].close()


def link_up(document: Any) -> None:
    """Leaves the operations that sequences lead to, with their links."""
    for path in document["paths"].values():
        for method in [one for one, told in path.items() if not is_followed(told)]:
            del path[method]
    for (path, method, status), links in LINKS.items():
        document["paths"][path][method]["responses"][status]["links"] = links


@pytest.fixture
def machine(app: Flask) -> Any:
    document = app.test_client().get("/openapi.json").json
    link_up(document)
    opening = document["components"]["schemas"]["PostedIncident"]["properties"]["reports"]
    opening["items"] = {"$ref": "#/components/schemas/PostedCasualties"}
    config = SchemathesisConfig.from_dict(
        {"phases": {"stateful": {"inference": {"algorithms": []}}}}
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = app
    key = app.extensions["sitrep"].add_key("sequences", "admin")

    class Story(schema.as_state_machine()):  # type: ignore[misc] # made of the document
        answered: ClassVar[Counter[tuple[str, int]]] = Counter()
        versions: ClassVar[dict[str, int]] = {}
        proofs: ClassVar[list[bytes]] = []

        def step(self, input: Any) -> Any:
            if input.transition is not None:
                follow(input.case, input.transition)
            return super().step(input)

        def get_call_kwargs(self, _: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {key}"}}

        def before_call(self, case: Any) -> None:
            refresh(case)

        def after_call(self, response: Any, case: Any) -> None:
            super().after_call(response, case)
            self.answered[case.operation.definition.raw["operationId"], response.status_code] += 1
            if response.status_code == 201:
                told = response.json()
                known = self.versions.get(told["incident"], 0)
                self.versions[told["incident"]] = max(known, told["version"])
            if response.status_code == 200 and "/proof/" in case.path:
                self.proofs.append(response.content)

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            case.validate_response(
                response,
                excluded_checks=[ignored_auth, positive_data_acceptance],
                transport_kwargs=more,
                recorder=self.recorder,
            )

    return Story


def is_followed(told: Any) -> bool:
    """Whether it is an operation that a sequence leads to; what stands beside operations stays."""
    return "operationId" not in told or told["operationId"] in FOLLOWED


def missing(machine: Any) -> list[tuple[str, int, int]]:
    """What has not happened often enough."""
    answered = machine.answered
    some = [one for one in LEAST if answered[one[:2]] < one[2]]
    return some if max(machine.versions.values()) >= LONGEST else [*some, ("version", 0, LONGEST)]


def follow(case: Any, transition: Any) -> None:
    """Lets a link ask for what it leads to, and for nothing else beside it."""
    linked = transition.parameters.get("query", {})
    case.query = {name: value for name, value in (case.query or {}).items() if name in linked}
    if case.method == "POST":
        known = transition.parameters.get("headers", {})
        for name in {"If-Match", "Idempotency-Key"} - known.keys():
            case.headers.pop(name, None)


def refresh(case: Any) -> None:
    """Of themselves requests give one id to all updates and one name to all incidents."""
    is_right = case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE
    if is_right and isinstance(case.body, dict):
        fresh = {"update_id": str(uuid4()), "incident": f"story-{uuid4()}"}
        case.headers.pop("Idempotency-Key", None)
        case.body.update({name: fresh[name] for name in case.body if name in fresh})


def test_no_sequence_leads_to_an_undocumented_answer_or_a_server_error(
    machine: Any, app: Flask
) -> None:
    for number in range(ROUNDS.stop):
        seed(number)(machine).run(settings=RUNS)
        if number + 1 >= ROUNDS.start and not missing(machine):
            break

    assert missing(machine) == []
    for proof in machine.proofs:
        assert check(read_proof(proof), [SIGNER.verifier])
    store = app.extensions["sitrep"].as_desk()
    for incident, version in machine.versions.items():
        assert store.event(incident, version).version == version
        with pytest.raises(NotFound):
            store.event(incident, version + 1)
