"""A store that a release wrote opens in all later ones, loses nothing, and is still proven."""

import json
import shutil
from pathlib import Path

import pytest

from service.proof.note import Verifier
from service.store.rebuilding import Which
from service.store.schema import REVISION, migrate
from tests.store.keeping import answers

KEPT = sorted((Path(__file__).parent / "fixtures").glob("release_*.key"))


@pytest.fixture(params=KEPT, ids=lambda path: path.stem)
def kept(request, tmp_path):
    """The files of a release, of which the store is a copy."""
    shutil.copy(request.param.with_suffix(".db"), tmp_path / "sitrep.db")
    return request.param, f"sqlite:///{tmp_path / 'sitrep.db'}"


def test_a_store_of_every_release_is_opened_verified_and_answers_as_it_did(kept, open_store):
    files, url = kept
    verifier = Verifier.read(files.read_text())

    migrate(url)
    store = open_store(url)
    store.custody.rebuild(Which.OLDER)

    (lane,) = store.custody.verify_log(verifier, {})
    store.custody.review()
    assert lane.signed == lane.events
    assert answers(store) == json.loads(files.with_suffix(".json").read_text())


def test_this_release_has_left_a_store_of_its_own():
    """Whoever changes the schema keeps a store of it: `python -m tests.store.keeping`."""
    assert f"release_{REVISION}" in [file.stem for file in KEPT]


def test_a_new_store_has_the_schema_that_this_release_needs(tmp_path):
    assert migrate(f"sqlite:///{tmp_path / 'new.db'}") == REVISION
