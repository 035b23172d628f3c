"""`sitrep verify`, `signer`, `export` and `import --exact` as whoever types them meets them."""

import json
import re
import sqlite3

import pytest
import zstandard
from click.testing import CliRunner

from service.app import create_app
from service.cli import main
from service.proof.note import Signer
from service.settings import Settings
from service.stories import TAJI

SLUG = "taji-rocket-attack-2020-03-11"


class Desk:
    """A folder with a store of the Taji story, made by commands alone."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "sitrep.db"
        for words in (["migrate"], ["import", str(TAJI)]):
            assert self.sitrep(*words).exit_code == 0
        self.key = folder / "public-key"
        self.key.write_text(self.sitrep("signer").stdout)

    def sitrep(self, *words, store=None):
        settings = {"SITREP_DATABASE_URL": f"sqlite:///{store or self.file}"}
        return CliRunner().invoke(main, [str(word) for word in words], env=settings)

    def tamper(self, *statements):
        connection = sqlite3.connect(self.file)
        for name in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS events_refuse_{name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def proof(self, version):
        app = create_app(Settings(database_url=f"sqlite:///{self.file}"))
        answer = app.test_client().get(f"/v1/incidents/{SLUG}/proof/{version}")
        app.extensions["sitrep"].close()
        file = self.folder / f"{version}.json"
        file.write_bytes(answer.data)
        return file


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The story, for those who only look at it."""
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_store_that_holds_is_said_to(told):
    ended = told.sitrep("verify", "--public-key", told.key)

    assert ended.exit_code == 0
    assert "198 events hold; signed up to 198" in ended.stdout
    assert "rows that are derived from the log are what it says" in ended.stdout


def test_without_a_key_the_store_is_taken_at_its_word_and_that_is_said(told):
    ended = told.sitrep("verify", "--log-only")

    assert ended.exit_code == 0
    assert "the store itself names" in ended.stderr
    assert "derived" not in ended.stdout


def test_a_store_that_does_not_hold_is_told_by_its_first_fault(desk):
    desk.tamper("UPDATE events SET actor = 'nobody' WHERE position = 77")

    ended = desk.sitrep("verify", "--public-key", desk.key)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "it does not hold: " in ended.stderr
    assert "(position 77): its envelope is not the one that was hashed" in ended.stderr


def test_what_is_derived_is_verified_too(desk):
    desk.tamper("UPDATE catalogue SET killed_low = 9 WHERE incident LIKE 'taji%11'")

    ended = desk.sitrep("verify")
    log_only = desk.sitrep("verify", "--log-only")

    assert (ended.exit_code, log_only.exit_code) == (1, 0)
    assert f"catalogue: killed_low of lane 0 incident {SLUG}" in ended.stderr


def test_a_witness_remembers_what_it_saw_once(desk):
    witness = desk.folder / "witness"
    words = ("verify", "--log-only", "--public-key", desk.key, "--witness", witness)

    first, again = desk.sitrep(*words), desk.sitrep(*words)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert witness.read_text().count("\n198\n") == 1
    witness.write_text(witness.read_text().replace("\n198\n", "\n199\n"))
    assert "signature" in desk.sitrep(*words).stderr
    witness.write_text("not a note")
    assert "something else than signed notes" in desk.sitrep(*words).stderr


def test_one_event_is_proven_offline(told):
    ended = told.sitrep("verify", told.proof(9), "--public-key", told.key, store="/nowhere")

    assert ended.exit_code == 0, ended.stderr
    assert re.match(rf"{SLUG}/9 is event \d+ of 198 in the log sitrep-", ended.stdout)
    assert "Fox News (Jennifer Griffin)" in ended.stdout
    assert '"harm":"killed"' in ended.stdout


def test_a_proof_may_be_packed_or_laid_out_for_people(told, tmp_path):
    proof = json.loads(told.proof(16).read_bytes())
    laid_out = json.dumps(proof, indent=2).encode()
    plain, packed = tmp_path / "16.json", tmp_path / "16.json.zst"
    plain.write_bytes(laid_out)
    packed.write_bytes(zstandard.compress(laid_out))

    shown = [told.sitrep("verify", file, "--public-key", told.key) for file in (plain, packed)]

    assert [ended.exit_code for ended in shown] == [0, 0]
    assert shown[0].stdout == shown[1].stdout
    assert re.match(rf"{SLUG}/16 is event \d+ of 198", shown[0].stdout)


def test_what_unpacks_to_no_end_is_not_taken_for_a_proof(told, tmp_path):
    endless = tmp_path / "16.json.zst"
    endless.write_bytes(zstandard.compress((b" " * (1 << 20) + b"x\n") * 40))

    ended = told.sitrep("verify", endless, "--public-key", told.key)

    assert ended.exit_code == 1
    assert "too large for a proof" in ended.stderr


def test_a_changed_proof_is_refused(told):
    file = told.proof(10)
    file.write_text(file.read_text().replace("killed", "injured"))

    ended = told.sitrep("verify", file, "--public-key", told.key)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "the payload is not the one that was hashed" in ended.stderr


def test_a_file_needs_a_key_and_a_key_must_be_one(told):
    file = told.proof(11)

    assert told.sitrep("verify", file).exit_code == 2
    assert told.sitrep("verify", file, "--public-key", "a+b+c").exit_code == 2
    assert told.sitrep("verify", file, "--public-key", told.folder / "none").exit_code == 2


@pytest.mark.parametrize("name", ["all.ndjson", "all.ndjson.zst"])
def test_an_export_is_verified_and_becomes_another_store(told, tmp_path, name):
    exported = told.sitrep("export", "-o", tmp_path / name)
    verified = told.sitrep("verify", tmp_path / name, "--public-key", told.key)
    other = tmp_path / "other.db"
    told.sitrep("migrate", store=other)
    copied = told.sitrep("import", "--exact", tmp_path / name, store=other)
    again = told.sitrep("import", "--exact", tmp_path / name, store=other)

    assert "198 events were exported" in exported.stderr
    assert "198 events hold; signed: sitrep-" in verified.stdout
    assert "198 events copied, 0 already there" in copied.stderr
    assert "0 events copied, 198 already there" in again.stderr
    assert told.sitrep("verify", store=other).exit_code == 0
    shown = [told.sitrep("show", SLUG, "--json", store=at).stdout for at in (None, other)]
    assert shown[0] == shown[1]


def test_one_incident_is_exported_to_be_verified_and_not_to_be_copied(told, tmp_path):
    file, other = tmp_path / "taji.ndjson", tmp_path / "other.db"
    told.sitrep("export", SLUG, "-o", file)
    told.sitrep("migrate", store=other)

    verified = told.sitrep("verify", file, "--public-key", told.key)
    copied = told.sitrep("import", "--exact", file, store=other)

    assert "96 events hold" in verified.stdout
    assert copied.exit_code == 1
    assert "one incident cannot be copied" in copied.stderr


def test_an_export_goes_to_stdout_unless_it_is_told_where(told):
    ended = told.sitrep("export")

    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert lines[0]["format"] == "sitrep-export-1"
    assert lines[-1] == {"events": 198}


def test_an_incident_that_is_not_there_leaves_no_file(told, tmp_path):
    ended = told.sitrep("export", SLUG[:-1], "-o", tmp_path / "none.ndjson")

    assert ended.exit_code == 1
    assert f"did you mean {SLUG[:-1]}" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_was_cut_off_says_so_and_can_be_gone_on_from(told, tmp_path):
    file, other = tmp_path / "all.ndjson", tmp_path / "other.db"
    told.sitrep("export", "-o", file)
    whole = file.read_bytes()
    told.sitrep("migrate", store=other)

    file.write_bytes(whole[: len(whole) // 2])
    cut = told.sitrep("import", "--exact", file, store=other)
    file.write_bytes(whole)
    rest = told.sitrep("import", "--exact", file, store=other)

    assert cut.exit_code == 1
    assert "it does not hold: event" in cut.stderr
    assert rest.exit_code == 0, rest.stderr
    assert told.sitrep("verify", store=other).exit_code == 0


def test_without_its_signing_key_a_store_is_read_and_not_written_to(desk, tmp_path):
    (desk.folder / "sitrep.signing-key").unlink()

    shown, imported = desk.sitrep("show", SLUG), desk.sitrep("import", TAJI)
    served = desk.sitrep("serve", "--port", "0")

    assert shown.exit_code == 0
    for ended in (imported, served, desk.sitrep("migrate")):
        assert ended.exit_code == 1
        assert "SITREP_SIGNING_KEY names its file" in ended.stderr


def test_another_signing_key_is_refused(desk):
    (desk.folder / "sitrep.signing-key").write_text(Signer.new("other").written())

    ended = desk.sitrep("show", SLUG)

    assert ended.exit_code == 1
    assert "the signing key at hand is another" in ended.stderr


def test_a_new_signing_key_signs_what_the_old_one_did_and_the_witness_goes_on(desk):
    witness = desk.folder / "witness"
    desk.sitrep("verify", "--log-only", "--public-key", desk.key, "--witness", witness)

    rotated = desk.sitrep("signer", "rotate")
    (desk.folder / "new-key").write_text(rotated.stdout)
    keys = ("--public-key", desk.folder / "new-key", "--public-key", desk.key)
    verified = desk.sitrep("verify", "--log-only", *keys, "--witness", witness)

    assert rotated.exit_code == 0, rotated.stderr
    assert rotated.stdout == desk.sitrep("signer").stdout
    assert rotated.stdout.split("+")[0] == desk.key.read_text().split("+")[0]
    assert verified.exit_code == 0, verified.stderr
    assert desk.sitrep("verify", "--log-only", "--public-key", desk.key).exit_code == 1


def test_what_does_not_hold_is_not_signed_anew(desk):
    desk.tamper("UPDATE events SET actor = 'nobody' WHERE position = 77")

    ended = desk.sitrep("signer", "rotate")

    assert ended.exit_code == 1
    assert "is not signed anew" in ended.stderr
    assert desk.sitrep("signer").stdout == desk.key.read_text()
