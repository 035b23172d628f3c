"""The committed inputs of each target: real values, and whatever was once a finding."""

from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def inputs(target: str) -> Iterator[Path]:
    return (path for path in sorted((CORPUS / target).iterdir()) if path.is_file())
