"""docs/client.md, run as it is written."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from tests.process.serving import serving

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
EXAMPLE = re.compile(r"```python\n(.*?)```(?:\n```\n(.*?)```)?", re.DOTALL)


def test_every_example_prints_what_the_page_says(database, new_keys, monkeypatch):
    monkeypatch.setenv("SITREP_KEY", new_keys(database)["editor"])
    examples = EXAMPLE.findall(PAGE.read_text("utf-8"))
    known = {}

    printed = []
    with serving(database) as server:
        for code, _ in examples:
            with redirect_stdout(StringIO()) as out:
                exec(code.replace("http://127.0.0.1:8080", server.url), known)  # noqa: S102 - ours
            printed.append(out.getvalue())

    assert len(examples) == 8
    for (code, expected), said in zip(examples, printed, strict=True):
        assert said == expected, code
