"""Names as people write them, compared without case and punctuation."""

import re

from service.domain.report import Origin


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_named_in(text: str, name: str) -> bool:
    """Whether the words of a name stand in a text, one after the other."""
    return f" {folded(name)} " in f" {folded(text)} "


def is_called(origin: Origin, name: str) -> bool:
    """Whether an origin is, or speaks for, whom a name tells."""
    return is_named_in(origin.name or "", name) or is_named_in(origin.key, name)
