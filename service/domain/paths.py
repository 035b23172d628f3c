"""What the parts of a situation are called, wherever they are named: in changes, in what is not
known, in an adjudication, in a question for reasons.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from service.domain.group import TOTAL, Cell, Group, group_of
from service.domain.names import folded

RESERVED = "%,=[]"

_FIGURE = re.compile(
    r"(?P<whole>casualties\.[a-z_]+|overview\.measures\..+?)(?:\.by_group\[(?P<group>[^\]]*)\])?"
)
_LINE = re.compile(r"attribution\.lines\[(?P<subject>[^\]]*),(?P<relation>[a-z]+)\]")


class FigurePath(NamedTuple):
    """A figure: what is counted, such as `casualties.killed`, and of whom."""

    whole: str
    cell: Cell


class LinePath(NamedTuple):
    """A line of the attribution."""

    subject: str
    relation: str


def group_path(whole: str, group: Mapping[str, str]) -> str:
    """`casualties.killed.by_group[nationality=US,role=military]`."""
    return f"{whole}.by_group[{','.join(f'{trait}={_quoted(group[trait])}' for trait in group)}]"


def line_path(subject: str, relation: str) -> str:
    return f"attribution.lines[{_quoted(subject)},{relation}]"


def figure_path(figure: FigurePath) -> str:
    return group_path(figure.whole, group_of(figure.cell)) if figure.cell else figure.whole


def read_figure_path(path: str) -> FigurePath | None:
    """The figure that a path names, whatever the order of its traits; None where it names none."""
    found = _FIGURE.fullmatch(path)
    if found is None:
        return None
    if found["group"] is None:
        return FigurePath(found["whole"], TOTAL)
    pairs = [part.partition("=") for part in found["group"].split(",")]
    cell = frozenset((trait, _plain(value)) for trait, _, value in pairs)
    known = all(trait in Group.__struct_fields__ and value for trait, value in cell)
    each_once = len({trait for trait, _ in cell}) == len(pairs)
    return FigurePath(found["whole"], cell) if known and each_once else None


def read_line_path(path: str) -> LinePath | None:
    found = _LINE.fullmatch(path)
    return None if found is None else LinePath(_plain(found["subject"]), found["relation"])


def same_path(path: str) -> str | LinePath:
    """What paths share that name one thing: a subject is spelled as the first standing report has
    it, which another may spell otherwise.
    """
    line = read_line_path(path) if path.startswith("attribution.lines[") else None
    return path if line is None else LinePath(folded(line.subject), line.relation)


def _quoted(text: str) -> str:
    """Signs that part a path, as per cent and their number, so that it can be read again."""
    return "".join(f"%{ord(sign):02X}" if sign in RESERVED else sign for sign in text)


def _plain(text: str) -> str:
    return re.sub(r"%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)
