"""A difference between two situations, said again from its path, its values and its cause where the
page is in another language than the domain (service.domain.changes), which says more.
"""

from collections.abc import Mapping
from typing import Any

from service.domain.changes import Change
from service.domain.paths import read_figure_path, read_line_path
from service.domain.situation import Situation
from service.domain.wording import label
from service.web.tongues.speaking import gettext, isolated, joined, later, said, tongue
from service.web.tongues.wording import say_interval, say_path

CAUSES = {
    "adjudication": later("the desk settled it"),
    "needs_review": later("the desk has to review its figure after newer reports"),
    "retraction": later("a report was retracted"),
    "correction": later("a report was corrected"),
    "marking": later("a report is withheld"),
    "denial": later("its origin denied it"),
    "supersession": later("its origin gave a newer figure"),
    "left_out": later("a source is left out"),
    "bounds": later("a report had not been told then"),
    "outcome": later("people came under another harm"),
    "dispute": later("an origin disputes it"),
    "newer_reports": later("newer reports say so"),
    "policy": later("the policy chooses otherwise"),
    "reconciled": later("the reports that stand come to less"),
}
RESPONSIBILITY = {
    "unclaimed": later("unclaimed"),
    "claimed": later("claimed"),
    "competing": later("competing claims"),
    "established": later("established"),
}
ITSELF = {
    "title": later("Title"),
    "status": later("Status"),
    "merged": later("Told on as"),
    "overview.occurred": later("Time"),
}
"""What some paths are called."""


def say_change(change: Change, held: Situation) -> str:
    """One difference in a sentence; `held` is either of the two situations."""
    if tongue().is_english:
        return change.sentence
    name, old, new = _name(change.path, held), _value(change, "from"), _value(change, "to")
    if old == new:
        told = gettext("%(name)s: %(value)s, now otherwise supported", name=name, value=new)
    else:
        told = gettext("%(name)s: %(old)s → %(new)s", name=name, old=old, new=new)
    if change.cause in CAUSES:
        cause = gettext(CAUSES[change.cause])
        told = gettext("%(change)s, because %(cause)s", change=told, cause=cause)
    return gettext("%(sentence)s.", sentence=told)


def _name(path: str, held: Situation) -> str:
    if path in ITSELF:
        return gettext(ITSELF[path])
    if path.startswith("links["):
        other = path[len("links[") :].partition(",")[0]
        return gettext("Link to %(incident)s", incident=isolated(other))
    if path.startswith("overview.locations."):
        return label(said("place", path.rpartition(".")[2]))
    return say_path(held, path)


def _value(change: Change, end: str) -> str:
    """What was or is under a path, by what its JSON tells."""
    told: Any = change.from_ if end == "from" else change.to
    if read_figure_path(change.path) is not None:
        return _figure(change.path, told)
    match told:
        case None:
            is_line = read_line_path(change.path) is not None
            words = gettext("not named") if is_line else gettext("not reported")
        case {"level": level, "flags": flags}:
            words = joined([said("level", level), *(said("flag", flag) for flag in flags)])
        case {"execution": execution, "evidence": evidence}:
            words = joined([said("execution", execution), said("evidence", evidence)])
        case {"earliest": _, "latest": _}:
            words = _window(told)
        case _:
            words = _word(change.path, str(told))
    return words


def _word(path: str, word: str) -> str:
    if path == "attribution.responsibility":
        return gettext(RESPONSIBILITY[word])
    if path.startswith("links["):
        return said("link", word)
    return said("status", word) if path == "status" else isolated(word)


def _figure(path: str, told: Mapping[str, Any]) -> str:
    if not told["low"] and told.get("high") is None:
        is_toll = path.startswith("casualties.")
        return gettext("none reported") if is_toll else gettext("not reported")
    return say_interval(told["low"], told.get("high"))


def _window(told: Mapping[str, Any]) -> str:
    if told["earliest"] is None or told["latest"] is None:
        return gettext("not reported")
    size = {"day": 10, "month": 7}.get(told["precision"], 16)
    first, last = (str(told[end])[:size].replace("T", " ") for end in ("earliest", "latest"))
    if first == last or size < 16:
        return isolated(first if size < 16 else f"{first} UTC")
    return gettext("%(low)s to %(high)s", low=isolated(first), high=isolated(f"{last} UTC"))
