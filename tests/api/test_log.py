"""What anybody can check of the log over HTTP, with the public key and nothing else."""

import base64
import json

import pytest

from service.app import create_app
from service.proof.checkpoint import Checkpoint
from service.proof.doubt import Doubt
from service.proof.evidence import check, read_proof
from service.proof.note import Signer
from service.proof.tree import goes_on, leaf_hash, root_of
from service.settings import Settings
from service.store.signers import add_signer, write_key
from tests.histories import EDITOR, killed, marking, new_incident, new_update, told


@pytest.fixture
def signer():
    return Signer.new("log.example")


@pytest.fixture
def store(database, open_store, signer, tmp_path):
    add_signer(database, signer)
    write_key(tmp_path / "key", signer)
    store = open_store(database, signer=signer)
    store.open(new_incident("taji", killed(1)), EDITOR)
    for number in range(3):
        reports = [killed(n, origin={"key": f"o{n}", "kind": "official"}) for n in range(100)]
        store.append("taji", new_update(told(f"p{number}", *reports)), EDITOR)
    return store


@pytest.fixture
def client(store, database, tmp_path):
    app = create_app(Settings(database_url=database, signing_key=str(tmp_path / "key")))
    yield app.test_client()
    app.extensions["sitrep"].close()


def test_every_event_proves_itself_by_the_public_key(client, signer):
    for version in (1, 2, 77, 256, 257, 302):
        answer = client.get(f"/v1/incidents/taji/proof/{version}")

        shown = check(read_proof(answer.data), [signer.verifier])

        assert (shown.index, shown.size) == (version - 1, 302)
        assert shown.envelope["version"] == version
        assert shown.payload is not None


@pytest.mark.parametrize("key", ["payload", "envelope", "salt", "commitment", "previous", "leaf"])
def test_a_changed_proof_does_not_hold(client, signer, key):
    proof = client.get("/v1/incidents/taji/proof/9").json
    changed = proof[key].replace("1", "2", 1) if key in {"payload", "envelope"} else "00" * 32

    with pytest.raises(Doubt):
        check(read_proof(json.dumps({**proof, key: changed}).encode()), [signer.verifier])


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("index", 7),
        ("version", 8),
        ("incident", "taja"),
        ("path", []),
        ("checkpoint", "x\n1\nAAAA\n"),
        ("format", "sitrep-proof-2"),
    ],
)
def test_a_proof_of_something_else_does_not_hold(client, signer, key, other):
    proof = client.get("/v1/incidents/taji/proof/9").json

    with pytest.raises(Doubt):
        check(read_proof(json.dumps({**proof, key: other}).encode()), [signer.verifier])


def test_a_proof_of_another_signer_does_not_hold(client):
    proof = read_proof(client.get("/v1/incidents/taji/proof/9").data)

    with pytest.raises(Doubt, match=r"not signed by log\.example"):
        check(proof, [Signer.new("log.example").verifier])
    with pytest.raises(Doubt, match="no key"):
        check(proof, [])


def test_the_log_goes_on_from_any_size_that_was_seen(client, signer, store):
    earlier = Checkpoint.signed(client.get("/v1/log/0/checkpoint").data, signer.verifier)
    store.append("taji", new_update(told("late", killed(7))), EDITOR)

    later = Checkpoint.signed(client.get("/v1/log/0/checkpoint").data, signer.verifier)
    proof = client.get(f"/v1/log/0/consistency?from={earlier.size}").json

    path = [bytes.fromhex(step) for step in proof["path"]]
    assert (proof["first"], proof["second"]) == (earlier.size, later.size) == (302, 303)
    assert goes_on(earlier.size, earlier.root, later.size, later.root, path)


@pytest.mark.parametrize("query", ["from=303", "from=5&to=4", "from=0&to=999"])
def test_sizes_that_the_log_never_had_are_refused(client, query):
    answer = client.get(f"/v1/log/0/consistency?{query}")

    assert answer.status_code == 400
    assert "302 events" in answer.json["detail"]


def test_tiles_hold_the_hashes_of_the_tree(client, store):
    full = client.get("/v1/log/0/tile/0/000")
    partial = client.get("/v1/log/0/tile/0/001.p/46")
    above = client.get("/v1/log/0/tile/1/000.p/1")
    entries = client.get("/v1/log/0/tile/entries/001.p/2")

    hashes = [full.data[at : at + 32] for at in range(0, len(full.data), 32)]
    leaves = [bytes.fromhex(event.leaf) for event in events_of(store)]
    assert hashes == [leaf_hash(leaf) for leaf in leaves[:256]]
    assert partial.data == b"".join(leaf_hash(leaf) for leaf in leaves[256:302])
    assert above.data == root_of(hashes)
    assert entries.data == b"".join(b"\x00\x20" + leaf for leaf in leaves[256:258])
    assert "immutable" in full.headers["Cache-Control"]


def events_of(store):
    return store.events("taji", after_version=0, types=(), limit=1000).events


@pytest.mark.parametrize(
    "path",
    [
        "/v1/log/0/tile/0/001",
        "/v1/log/0/tile/0/001.p/47",
        "/v1/log/0/tile/1/000",
        "/v1/log/0/tile/63/000",
        "/v1/log/0/tile/0/x000/001",
        "/v1/log/0/tile/0/1",
        "/v1/log/1/checkpoint",
        "/v1/incidents/taji/proof/303",
        "/v1/incidents/nowhere/proof/1",
    ],
)
def test_what_the_log_does_not_have_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_whose_word_it_is_can_be_asked(client, signer):
    answer = client.get("/v1/log/verifiers")

    assert answer.text == f"{signer.verifier}\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    note = client.get("/v1/log/0/checkpoint").text
    assert base64.b64decode(note.split(" ")[-1])[:4] == signer.verifier.id


def test_a_proof_keeps_what_is_withheld(client, store, signer):
    store.append("taji", new_update(told("desk", marking(2, audience="desk"))), EDITOR)
    key = store.add_key("ed", "editor")

    public = client.get("/v1/incidents/taji/proof/2")
    desk = client.get("/v1/incidents/taji/proof/2", headers={"Authorization": f"Bearer {key}"})

    assert (public.json["payload"], public.json["salt"]) == (None, None)
    assert check(read_proof(public.data), [signer.verifier]).payload is None
    assert check(read_proof(desk.data), [signer.verifier]).payload is not None


def test_a_store_that_nobody_signs_has_nothing_to_show(database, open_store):
    open_store(database).open(new_incident("taji"), EDITOR)
    app = create_app(Settings(database_url=database))

    answers = [
        app.test_client().get(path).status_code
        for path in ("/v1/log/0/checkpoint", "/v1/incidents/taji/proof/1")
    ]

    assert answers == [404, 404]
    app.extensions["sitrep"].close()


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"\xff", b'{"format":' + b"[" * 100_000, b'{"format":"sitrep-proof-1"}']
)
def test_what_is_no_proof_is_doubted(text):
    with pytest.raises(Doubt, match="no proof"):
        read_proof(text)
