"""docs/proof.md: what can be checked of the record with the public key and nothing else.

The hashes are computed here anew, from what the documentation says, by no code of the store's.
"""

import base64
import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.conformance.site import good, killed, problem


def public_key(site):
    """`name+id+base64(0x01 ‖ key)`, as the store tells it."""
    name, key_id, encoded = good(site.http.get("/v1/log/verifiers")).text.split()[0].split("+", 2)
    key = base64.b64decode(encoded)
    assert key[0] == 1
    assert sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(key[1:])


def checkpoint(site, note):
    """Origin, size and root of a note whose signature holds."""
    text, _, signatures = note.rpartition("\n\n")
    name, key_id, key = public_key(site)
    (line,) = signatures.splitlines()
    signature = base64.b64decode(line.removeprefix(f"— {name} "))
    assert signature[:4] == key_id
    key.verify(signature[4:], f"{text}\n".encode())
    origin, size, root = text.splitlines()
    assert origin.startswith(name)
    return origin, int(size), base64.b64decode(root)


def root_from(leaf, index, size, path):
    """RFC 9162 §2.1.3.2."""
    found, last = sha256(b"\x00" + leaf).digest(), size - 1
    for step in map(bytes.fromhex, path):
        if index % 2 or index == last:
            found = sha256(b"\x01" + step + found).digest()
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + step).digest()
        index, last = index >> 1, last >> 1
    assert last == 0
    return found


def proof_of(story, version):
    return good(story.get(f"/proof/{version}")).json()


def assert_proven(site, proof):
    """What a proof says of itself is so, by the store's public key."""
    if proof["payload"] is not None:
        words = bytes.fromhex(proof["salt"]) + proof["payload"].encode()
        assert sha256(words).hexdigest() == proof["commitment"]
    hashed = proof["envelope"].encode() + bytes.fromhex(proof["commitment"] + proof["previous"])
    leaf = sha256(hashed).digest()
    assert leaf.hex() == proof["leaf"]
    _, size, root = checkpoint(site, proof["checkpoint"])
    assert root_from(leaf, proof["index"], size, proof["path"]) == root


def test_every_event_proves_itself_and_the_one_before(site, story):
    for number in range(3):
        story.tell(killed(str(number)), killed(str(number), group={"nationality": "US"}))

    proofs = [proof_of(story, version) for version in range(1, 8)]

    for proof in proofs:
        assert_proven(site, proof)
    assert [proof["previous"] for proof in proofs[1:]] == [proof["leaf"] for proof in proofs[:-1]]
    assert proofs[0]["previous"] == "00" * 32


def test_a_proof_shows_what_was_posted_and_what_the_record_says_of_it(site, story):
    receipt = story.tell(killed("at least 2", phrase="at least two"), summary="Two dead.")

    proof = proof_of(story, 2)
    event = good(story.get("/events/2")).json()

    envelope, payload = json.loads(proof["envelope"]), json.loads(proof["payload"])
    assert payload["report"] == event["report"]
    assert payload["summary"] == "Two dead."
    assert envelope["update_id"] == receipt["update_id"]
    assert (proof["commitment"], proof["leaf"]) == (event["commitment"], event["leaf"])


def test_an_acknowledged_update_is_under_the_next_checkpoint(site, story):
    receipt = story.tell(killed("1"))

    proof = proof_of(story, receipt["version"])

    _, size, _ = checkpoint(site, proof["checkpoint"])
    assert size > proof["index"] == receipt["position"] - 1


def test_erased_words_are_gone_and_the_proof_holds(site, story):
    story.tell(killed("7", phrase="seven of one family"))
    before = proof_of(story, 2)

    erased = story.post(
        {"publisher": {"key": "desk", "kind": "desk"}, "reports": [
            {"type": "erasure", "targets": [2], "reason": "asked for"}]},
        role="admin",
    )  # fmt: skip
    after = proof_of(story, 2)

    assert erased.status_code == 201, erased.text
    assert (after["payload"], after["salt"]) == (None, None)
    assert (after["leaf"], after["commitment"]) == (before["leaf"], before["commitment"])
    assert_proven(site, after)
    assert story.events()[1]["report"] is None
    assert "family" not in story.get().text + story.get("/updates").text + story.get(version=2).text
    assert story.situation(version=2)["casualties"]["killed"]["status"] == "unreported"


@pytest.mark.parametrize("role", ["reader", "reporter", "editor"])
def test_only_an_admin_erases(story, role):
    story.tell(killed("7"))
    body = {"publisher": {"key": "desk", "kind": "desk"},
            "reports": [{"type": "erasure", "targets": [2]}]}  # fmt: skip

    answer = story.post(body, role=role)

    assert problem(answer)["status"] == 403
    assert story.situation()["version"] == 2
