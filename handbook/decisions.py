"""The decisions, one line each."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "adr"


def decisions() -> str:
    lines = ["# Decisions", "", "Each with its context and its price.", ""]
    for file in sorted(FOLDER.glob("0*.md")):
        title = file.read_text("utf-8").splitlines()[0].removeprefix("# ")
        lines.append(f"- [{title}]({file.name})")
    return "\n".join(lines)
