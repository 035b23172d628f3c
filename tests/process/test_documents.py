"""Every command in README and docs/ does what stands there, typed as it is written."""

import shlex
import shutil
from pathlib import Path

import pytest

from service.cli import main
from tests.over_http import files_over_http
from tests.postgres import fresh_database
from tests.process.documents import (
    ROOT,
    Example,
    Typist,
    commands_in,
    examples,
    unknown_words,
)
from tests.process.serving import Server, free_port

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TYPED_HERE = {"README.md", "formats.md"}
TYPED_ELSEWHERE = {
    "failover.md": "tests/failover/nodes.py",
    "memento.md": "tests/process/test_memento.py",
    "terminal.md": "tests/terminal/test_docs.py",
    "tutorial.md": "tests/browser/test_tutorial.py",
}
"""Documents whose commands need more than a served Sitrep, and what types them."""

SERVES, TESTS = "make run\n", "make test\n"
"""What this very test has done already."""

BY_THE_SYSTEM = {"export", "pg_ctl"}
"""How a server is started and told its settings differs from machine to machine."""

ON_POSTGRES = "postgresql+psycopg://sitrep:secret@db.example.org/sitrep"


@pytest.fixture
def news(tmp_path):
    """A site with a page, where documents name one."""
    pages = tmp_path / "news"
    (pages / "fire").mkdir(parents=True)
    (pages / "fire" / "index.html").write_text(
        "<title>Fire at the harbour</title><p>Two were hurt."
    )
    with files_over_http(pages) as site:
        yield site


@pytest.fixture
def typist(tmp_path, news):
    """`sitrep run` on an empty folder, and somebody who types there."""
    folder = tmp_path / "typed"
    folder.mkdir()
    database = f"sqlite:///{folder / 'var' / 'sitrep.db'}"
    server = Server(database, free_port(), "run")
    try:
        key = server.first_line()
        server.wait_until_ready()
        there = Typist(folder, url=server.url, key=key, database=database)
        there.places["https://news.example"] = news
        yield there
    finally:
        assert server.stop() == 0


def test_readme(typist, postgres_server):
    told = examples(ROOT / "README.md")
    shutil.copy(ROOT / "service" / "stories" / "taji.ndjson", typist.folder / "stories.ndjson")
    shutil.copy(ROOT / "docs" / "examples" / "updates.csv", typist.folder)
    assert {SERVES, TESTS} <= {one.commands for one in told}

    with fresh_database(postgres_server) as url:
        typist.places |= {ON_POSTGRES: url, " && sitrep serve": ""}
        for one in told:
            if one.commands not in {SERVES, TESTS}:
                typist.follow(one)


def test_docs_of_formats(typist):
    shutil.copytree(ROOT / "docs" / "examples", typist.folder / "docs" / "examples")
    (typist.folder / "feed.xml").write_text(
        '<rss version="2.0"><channel><title>Harbour Radio</title><link>https://radio.example/</link>'
        "<item><title>Fire</title><description>Two were hurt.</description></item></channel></rss>"
    )
    typist.places[" --text -"] = " --text - <<< 'Two were hurt.'"

    for one in examples(ROOT / "docs" / "formats.md"):
        typist.follow(one)


def test_docs_of_failover_name_what_its_tests_run():
    nodes = (ROOT / TYPED_ELSEWHERE["failover.md"]).read_text("utf-8")

    for one in examples(ROOT / "docs" / "failover.md"):
        for line in one.commands.splitlines():
            program, *rest = shlex.split(line)
            options = [word.partition("=")[0] for word in rest if word.startswith("--")]
            said = rest[-1:] if program == "psql" else [program, *options]
            if program not in BY_THE_SYSTEM:
                assert [word for word in said if word not in nodes] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_no_document_has_a_command_that_nothing_types(document):
    typed = document.name in {*TYPED_HERE, *TYPED_ELSEWHERE}

    assert typed or examples(document) == []
    for words in commands_in(document):
        assert unknown_words(words, main) == [], words


def test_what_types_elsewhere_reads_the_document_itself():
    for document, by in TYPED_ELSEWHERE.items():
        source = Path(ROOT / by).read_text("utf-8") + Path(__file__).read_text("utf-8")
        assert f'"{document}"' in source


def test_an_example_that_does_not_come_true_is_seen(typist):
    with pytest.raises(AssertionError, match="is not in"):
        typist.follow(Example("sitrep --version", "text", "sitrep, version of a dream\n"))
    with pytest.raises(AssertionError, match="No such command"):
        typist.follow(Example("sitrep dream"))
