"""What a proof or an export may leave out, and what not."""

import msgspec
import pytest

from service.proof.bundle import check_export, read_heading
from service.proof.doubt import Doubt
from service.proof.evidence import check, read_proof
from tests.fuzz.material import EXPORTS, PROOFS, VERIFIER, written


def proven(**changed):
    return check(read_proof(msgspec.json.encode({**PROOFS[0], **changed})), [VERIFIER])


def holds(lines):
    heading, *rest = written(lines).splitlines()
    return check_export(read_heading(heading), rest, [VERIFIER])


def test_words_that_are_withheld_leave_the_rest_of_a_proof():
    assert proven().payload is not None
    assert proven(payload=None, salt=None).payload is None


@pytest.mark.parametrize("left", ["payload", "salt"])
def test_words_without_their_salt_are_no_proof_of_anything(left):
    words = {"payload": '{"report":{"type":"casualties","harm":"killed"}}', "salt": "00"}
    del words[left]

    with pytest.raises(Doubt, match="do not belong together"):
        proven(**{**dict.fromkeys(("payload", "salt")), **words})


@pytest.mark.parametrize("lanes", [{"0"}, {"1"}, set()])
def test_a_whole_log_comes_with_every_lane(lanes):
    heading, *events, _ = EXPORTS[0]
    signed = {lane: note for lane, note in heading["checkpoints"].items() if lane in lanes}
    kept = [event for event in events if str(event["lane"]) in lanes]

    assert holds(EXPORTS[0]).events == len(events)
    with pytest.raises(Doubt, match="lanes"):
        holds([{**heading, "checkpoints": signed}, *kept, {"events": len(kept)}])
