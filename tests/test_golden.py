"""The story that comes with the project, at three moments, as `sitrep show` tells it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from service.commands.importing import import_taji
from service.commands.paper import INDENT
from service.commands.reading import situation_lines
from service.domain.moments import read_moment
from service.domain.situation import Situation
from service.store.answers import Question
from service.store.schema import migrate
from service.store.store import Store

TAJI = "taji-rocket-attack-2020-03-11"
GOLDEN = Path(__file__).parent / "golden" / "taji.txt"
TAKEN_US = read_moment("2021-01-01T00:00:00Z")
MOMENTS = {
    "The first article, 11 March": Question(published_until_us=read_moment("2020-03-11")),
    "The day after, 12 March": Question(published_until_us=read_moment("2020-03-12")),
    "Now": Question(),
}


@pytest.fixture
def store(tmp_path: Path, open_store: Callable[..., Store]) -> Store:
    """Holds the story, taken as the year 2021 began."""
    url = f"sqlite:///{tmp_path / 'sitrep.db'}"
    migrate(url)
    opened = open_store(url, clock=lambda: TAKEN_US)
    import_taji(opened)
    return opened


def account(store: Store, question: Question) -> str:
    answer = store.now(TAJI) if question == Question() else store.situation(TAJI, question)
    lines = situation_lines(msgspec.json.decode(answer.body, type=Situation))
    return "\n".join(f"{' ' * INDENT * told.depth}{told.text.plain}".rstrip() for told in lines)


def test_the_story_of_taji_reads_as_it_was_told(store):
    chapters = [
        f"{title}\n{'=' * len(title)}\n\n{account(store, question)}\n"
        for title, question in MOMENTS.items()
    ]

    assert "\n\n".join(chapters) == GOLDEN.read_text("utf-8")
