"""`sitrep explain`: every report behind a part of the situation, those that fell and why."""

from collections.abc import Iterable, Iterator
from typing import Any

import click
import msgspec

from service.commands.asking import asked
from service.commands.options import (
    as_one_document,
    at_a_moment,
    of_an_incident,
    of_any_store,
    question,
)
from service.commands.paper import Line, heading, line, moment, show
from service.commands.talk import say
from service.domain.paths import read_figure_path
from service.domain.reconcile import Figure
from service.domain.situation import Situation
from service.domain.wording import label, plain, say_path
from service.store.explanations import Explained, Explanation
from service.web import words
from sitrep_client import asks

ASIDE = ("outside_bounds", "left_out")


@click.command()
@of_an_incident
@click.argument("path", default="casualties.killed")
@at_a_moment
@click.option("--cursor", help="Go on from there: what `next` was in the answer before.")
@as_one_document
@of_any_store
def explain(
    incident: str,
    path: str,
    url: str | None,
    key: str | None,
    *,
    cursor: str | None,
    as_json: bool,
    **moment: int | None,
) -> None:
    """Show the reports behind a part of the situation, and why others do not count.

    PATH is what changes and the API name it by, such as casualties.injured, overview.occurred or
    attribution.responsibility; casualties.killed unless told.
    """
    plain_question = question(**moment)
    with asked(url, key, incident) as client:
        ask = asks.explain(incident, path, cursor=cursor, **plain_question)
        body = client.answer(ask.raw())
        if as_json:
            click.echo(body, nl=False)
            return
        situation = client.answer(asks.situation(incident, **plain_question).raw())
    told = msgspec.json.decode(body, type=Explanation)
    show(explanation_lines(told, msgspec.json.decode(situation, type=Situation)))
    if told.next is not None:
        say(f"More fell: --cursor {told.next}")


def explanation_lines(told: Explanation, held: Situation) -> Iterator[Line]:
    holds = _holds(told.path, told.holds)
    what = say_path(held, told.path)
    yield heading(f"{what}: {holds}" if holds else what)
    for title, reports in (("What stands behind it", told.standing), ("What fell", told.fallen)):
        if reports:
            yield line("", depth=0)
            yield heading(title)
        for report in reports:
            if report.fate not in ASIDE:
                yield from _report(report)
        yield from _aside(reports)
    if not told.standing and not told.fallen:
        yield line("No report bears on it.")


def _aside(reports: Iterable[Explained]) -> Iterator[Line]:
    """Those that did not fall, but were not asked: by their number."""
    for fate in ASIDE:
        versions = [report.version for report in reports if report.fate == fate]
        if versions:
            yield line(f"{len(versions)} more: {words.FATES[fate]}", sorted(versions))


def _report(told: Explained) -> Iterator[Line]:
    carries = ", what holds rests on it" if told.carries else ""
    phrase = f", “{told.phrase}”" if told.phrase else ""
    yield line(f"{label(told.says)}{phrase}{carries}", (told.version,))
    origin, publisher = told.origin, told.publisher
    by = f", passed on by {_name(publisher)}" if origin["key"] != publisher["key"] else ""
    when = f"published {moment(told.published_at)}, recorded {moment(told.recorded_at)}"
    yield line(f"says {_name(origin)}{by}; {when}", depth=2)
    if told.fate != "stands":
        yield line(words.FATES[told.fate], () if told.by is None else (told.by,), depth=2)
    for remark in told.remarks:
        grounds = f": {remark.grounds}" if remark.grounds else ""
        yield line(f"{plain(remark.type)} by {remark.origin}{grounds}", (remark.by,), depth=2)


def _name(source: dict[str, Any]) -> str:
    return str(source.get("name") or source["key"])


def _holds(path: str, holds: Any) -> str | None:
    """What holds in a few words, where a few are enough."""
    if read_figure_path(path) is not None and holds is not None:
        return words.figure(msgspec.convert(holds, Figure))
    return plain(holds) if isinstance(holds, str) else None
