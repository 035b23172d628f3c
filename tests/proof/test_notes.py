"""Signed notes and checkpoints, as c2sp.org has them."""

from hashlib import sha256

import pytest

from service.proof.checkpoint import Checkpoint, origin_of
from service.proof.doubt import Doubt
from service.proof.note import Signer, Verifier

# The example of golang.org/x/mod/sumdb/note, the form's first implementation.
SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n"
).encode()


def test_a_note_is_signed_as_elsewhere():
    signer = Signer.read(SIGNER)

    assert signer.written() == SIGNER
    assert str(signer.verifier) == VERIFIER
    assert signer.sign(TEXT) == NOTE
    assert Verifier.read(f" {VERIFIER}\n").signed(NOTE) == TEXT


def test_a_note_may_be_signed_by_others_as_well():
    witness = Signer.new("witness.example")
    both = NOTE + witness.sign(TEXT).split(b"\n\n")[-1]

    assert Verifier.read(VERIFIER).signed(both) == TEXT
    assert witness.verifier.signed(both) == TEXT


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace(b"answer", b"anwser"),
        NOTE.replace(b"x08go/ZJ", b"x08go/ZK"),
        NOTE.replace(b"PeterNeumann", b"PaulNeumann"),
        NOTE[:-1],
        NOTE.replace(b"\n\n", b"\n"),
        NOTE + b"and more\n",
        TEXT.encode(),
        b"",
        b"\xff\n\n\xe2\x80\x94 a b\n",
    ],
)
def test_a_changed_note_does_not_hold(note):
    with pytest.raises(Doubt):
        Verifier.read(VERIFIER).signed(note)


def test_a_note_of_another_key_does_not_hold():
    with pytest.raises(Doubt, match="not signed by"):
        Signer.new("PeterNeumann").verifier.signed(NOTE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        VERIFIER.replace("c74f20a3", "c74f20a4"),
        VERIFIER.replace("Peter", "Pieter"),
        VERIFIER[:-4],
        VERIFIER.replace("+AR", "+AX"),
        f"{VERIFIER}!",
        SIGNER,
    ],
)
def test_what_is_no_verifier_is_refused(text):
    with pytest.raises(ValueError, match="key"):
        Verifier.read(text)


@pytest.mark.parametrize("text", ["", VERIFIER, SIGNER[:-4], SIGNER.replace("c7", "c8")])
def test_what_is_no_signer_is_refused(text):
    with pytest.raises(ValueError, match=r"key|signer"):
        Signer.read(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_a_signer_needs_a_name_that_fits_a_note(name):
    with pytest.raises(ValueError, match="name"):
        Signer.new(name)


def test_a_checkpoint_survives_its_note():
    signer = Signer.read(SIGNER)
    checkpoint = Checkpoint("sitrep.example/log", 198, sha256(b"root").digest())

    note = checkpoint.sign(signer)

    assert Checkpoint.signed(note, signer.verifier) == checkpoint
    assert note.startswith(b"sitrep.example/log\n198\n")


@pytest.mark.parametrize(
    "text", ["", "log\n", "log\n1\n", "log\n01\nAAAA\n", "log\n1\nAAAA\n", "\n1\n"]
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Doubt, match="no checkpoint"):
        Checkpoint.read(text)


def test_the_lanes_of_a_store_are_logs_of_their_own():
    assert origin_of("log", 0, lanes=1) == "log"
    assert origin_of("log", 7, lanes=16) == "log/7"
