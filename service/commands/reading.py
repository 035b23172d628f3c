"""A situation for a person to read: what holds, on whose word, and what is not known."""

from collections.abc import Iterable, Iterator

from service.commands.figures import figure_lines
from service.commands.gaps import unknown_lines
from service.commands.paper import Line, heading, line, moment
from service.domain.attribution import Line as AttributionLine
from service.domain.casualties import Casualties, Harm
from service.domain.overview import Overview
from service.domain.record import Person
from service.domain.responses import Response
from service.domain.situation import Situation
from service.domain.when import StandingTime, When
from service.domain.wording import (
    label,
    plain,
    say_damage,
    say_harm,
    say_means,
    say_person,
    say_place,
    say_response,
    say_statement,
)


def situation_lines(situation: Situation) -> Iterator[Line]:
    """Sections with nothing to say are left out."""
    yield from _head(situation)
    sections = {
        "When and where": _when_and_where(situation.overview),
        "Casualties": _casualties(situation.casualties),
        "People": _people(situation.people),
        "Measures": _measures(situation.overview),
        "Attribution": _attribution(situation),
        "Responses": _responses(situation.responses),
        "Not known": unknown_lines(situation),
        "Corrections and retractions": _editorial(situation),
        "Links": _links(situation),
    }
    for title, told in sections.items():
        lines = list(told)
        if lines:
            yield line("", depth=0)
            yield heading(title)
            yield from lines


def _head(situation: Situation) -> Iterator[Line]:
    yield heading(situation.title)
    yield line(f"{situation.incident}, {situation.kind}, {situation.status}", depth=0)
    recorded = moment(situation.recorded_at)
    yield line(f"version {situation.version}, recorded {recorded}", depth=0)
    if situation.as_of is not None:
        yield line(f"as this store knew it at {moment(situation.as_of)}", depth=0)
    if situation.published_until is not None:
        yield line(f"from what was published until {moment(situation.published_until)}", depth=0)


def _when_and_where(overview: Overview) -> Iterator[Line]:
    yield from _when(overview.occurred)
    for place in overview.locations:
        told = f"{label(place.role)}: {say_place(place)}, says {place.origin}"
        yield line(told, place.because)
    for means in overview.means:
        yield line(f"Means: {say_means(means)}, says {means.origin}", means.because)
    for actor in overview.actors:
        told = f"{label(actor.role)}: {actor.actor}, says {', '.join(actor.origins)}"
        yield line(told, actor.because)
    for damage in overview.damage:
        yield line(f"Damage: {say_damage(damage)}, says {damage.origin}", damage.because)


def _people(people: Iterable[Person]) -> Iterator[Line]:
    for person in people:
        told = f"{say_person(person)}, says {' and '.join(person.origins)}"
        yield line(told, person.because)


def _when(when: When) -> Iterator[Line]:
    if when.earliest is None or when.latest is None:
        return
    told = _window(when.earliest, when.latest, when.precision)
    yield line(f"Occurred: {told}, {plain(when.status)}", when.because)
    if len(when.standing) > 1:
        yield from (_standing_time(standing) for standing in when.standing)


def _standing_time(standing: StandingTime) -> Line:
    told = _window(standing.earliest, standing.latest, standing.precision)
    return line(f"{standing.origin}: {told}", standing.because, depth=2)


def _window(earliest: str, latest: str, precision: str) -> str:
    if precision in {"day", "month"}:
        return earliest[: 10 if precision == "day" else 7]
    if earliest == latest:
        return moment(earliest)
    return f"{moment(earliest)} to {moment(latest)}"


def _casualties(casualties: Casualties) -> Iterator[Line]:
    silent = []
    for harm in Harm:
        toll = getattr(casualties, harm)
        name = say_harm(harm)
        if toll.status == "unreported" and not toll.by_group:
            silent.append(plain(harm))
        else:
            yield from figure_lines(name, toll)
    if casualties.affected.because:
        yield line(f"Affected: at least {casualties.affected.low}", casualties.affected.because)
    yield line(f"None reported: {', '.join(silent)}")


def _measures(overview: Overview) -> Iterator[Line]:
    for name, measure in overview.measures.items():
        yield from figure_lines(label(name), measure, unit=measure.unit)


def _attribution(situation: Situation) -> Iterator[Line]:
    attribution = situation.attribution
    dated = f" as of {attribution.as_of[:10]}" if attribution.as_of else ""
    yield line(f"Responsibility: {attribution.responsibility}{dated}", attribution.because)
    for told in attribution.lines:
        yield from _attribution_line(told)


def _attribution_line(told: AttributionLine) -> Iterator[Line]:
    firmness = ", ".join(plain(word) for word in [told.level, *told.flags])
    yield line(f"{told.subject}, {plain(told.relation)}: {firmness}", told.because)
    for said in told.statements:
        words = f"{say_statement(said)}, says {said.origin}"
        yield line(words, said.because, depth=2)


def _responses(responses: Iterable[Response]) -> Iterator[Line]:
    for response in responses:
        axes = f"{plain(response.execution)}, {plain(response.evidence)}"
        yield line(f"{response.response}: {say_response(response)}; {axes}", response.because)


def _editorial(situation: Situation) -> Iterator[Line]:
    for fix in situation.corrections:
        note = f": {fix.note}" if fix.note else ""
        yield line(f"{fix.by} corrects the {plain(fix.kind)} of {fix.target}{note}")
    for retraction in situation.retractions:
        scope = retraction.said_since
        reach = ""
        if scope is not None:
            reach = f", all that {scope.origin or scope.publisher} said since {scope.since}"
        reason = f": {retraction.reason}" if retraction.reason else ""
        yield line(f"{retraction.by} retracts {list(retraction.targets)}{reach}{reason}")
    for verb, remarks in (("disputes", situation.disputed), ("endorses", situation.endorsed)):
        for remark in remarks:
            grounds = f": {remark.grounds}" if remark.grounds else ""
            yield line(f"{remark.origin} {verb} {remark.target}{grounds}", (remark.by,))


def _links(situation: Situation) -> Iterator[Line]:
    for link in situation.links:
        yield line(f"{label(link.relation)} {link.to}", link.because)
