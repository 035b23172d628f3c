"""When and where it happened, with what, and who took part (DOMAIN.md §3, §5)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.measures import Measure
from service.domain.quantity import Number, Quantity, Words, amount, tidy
from service.domain.report import Origin, Report, Standing
from service.domain.when import TimeReported, When, when


class LocationRole(StrEnum):
    TARGET = "target"
    LAUNCH = "launch"
    IMPACT = "impact"
    RESPONSE_SITE = "response_site"


class PlacePrecision(StrEnum):
    """From the sharpest to the vaguest."""

    EXACT = "exact"
    VICINITY = "vicinity"
    LOCALITY = "locality"
    FACILITY = "facility"
    CITY = "city"
    ADM2 = "adm2"
    ADM1 = "adm1"
    COUNTRY = "country"
    OTHER = "other"


class Basis(StrEnum):
    FIRED = "fired"
    IMPACTED = "impacted"
    INTERCEPTED = "intercepted"
    DUD = "dud"
    FOUND = "found"
    USED = "used"


class ActorRole(StrEnum):
    TARGET = "target"
    HOST = "host"
    VICTIM_FORCE = "victim_force"
    RESPONDER = "responder"
    INVESTIGATOR = "investigator"
    PARTY = "party"


class Relative(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place told by its bearing and distance from another."""

    bearing: str | None = None
    distance_km: Number | None = None
    of: str


class LocationReported(Report, frozen=True, kw_only=True, tag="location"):
    """An origin said where: the target, the launch site, an impact, a site of the response."""

    role: LocationRole
    name: str | None = None
    country: str | None = None
    geometry: dict[str, Any] | None = None
    precision: PlacePrecision | None = None
    precision_other: str | None = None
    relative: Relative | None = None


class MeansReported(Report, frozen=True, kw_only=True, tag="means"):
    """An origin named a weapon or a cause."""

    weapon: str
    basis: Basis | None = None
    quantity: Quantity | Words | None = None


class ActorReported(Report, frozen=True, kw_only=True, tag="actor"):
    """An origin said who took part, and as what."""

    actor: str
    role: ActorRole
    kind: str | None = None


class DamageReported(Report, frozen=True, kw_only=True, tag="damage"):
    """An origin said what was damaged, and how far."""

    object: str
    extent: str
    quantity: Quantity | Words | None = None


class Place(Struct, frozen=True, kw_only=True):
    """One origin's word on one role. `leads` marks the most precise place of its role."""

    role: str
    name: str | None
    country: str | None
    geometry: dict[str, Any] | None
    precision: str | None
    relative: Relative | None
    origin: str
    leads: bool
    because: tuple[int, ...]


class Means(Struct, frozen=True, kw_only=True):
    weapon: str
    basis: str | None
    low: Number | None
    high: Number | None
    best: Number | None
    origin: str
    because: tuple[int, ...]


class Actor(Struct, frozen=True, kw_only=True):
    actor: str
    role: str
    kind: str | None
    origins: tuple[str, ...]
    because: tuple[int, ...]


class Damage(Struct, frozen=True, kw_only=True):
    """One origin's word on one object. Numbers of objects; `low` None where it gave none."""

    object: str
    extent: str
    low: Number | None
    high: Number | None
    best: Number | None
    origin: str
    because: tuple[int, ...]


class Overview(Struct, frozen=True, kw_only=True):
    occurred: When
    locations: tuple[Place, ...]
    means: tuple[Means, ...]
    actors: tuple[Actor, ...]
    damage: tuple[Damage, ...] = ()
    measures: dict[str, Measure] = {}


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    """Of damage to one object the latest word stands; where things are counted, the latest count of
    each extent.
    """
    match report:
        case TimeReported():
            return (origin.key, "time")
        case LocationReported():
            return (origin.key, "location", report.role)
        case MeansReported():
            return (origin.key, "means", report.weapon, report.basis or "")
        case ActorReported():
            return (origin.key, "actor", report.role, report.actor)
        case DamageReported():
            extent = report.extent if report.quantity is not None else ""
            return (origin.key, "damage", report.object, extent)
    return None


def part(report: Report) -> str:
    match report:
        case TimeReported():
            return "overview.occurred"
        case LocationReported():
            return f"overview.locations.{report.role}"
        case MeansReported():
            return "overview.means"
        case DamageReported():
            return "overview.damage"
    return "overview.actors"


ASPECT = Aspect(
    name="overview",
    reports=(TimeReported, LocationReported, MeansReported, ActorReported, DamageReported),
    slot=slot,
    part=part,
)


def overview(standing: Sequence[Standing]) -> Overview:
    """Time, places, means and actors; the measures, an aspect of their own, are put in later."""
    return Overview(
        occurred=when(standing),
        locations=_places(standing),
        means=_means(standing),
        actors=_actors(standing),
        damage=_damage(standing),
    )


def _places(standing: Sequence[Standing]) -> tuple[Place, ...]:
    sharpness = {precision: place for place, precision in enumerate(PlacePrecision)}
    by_role: defaultdict[LocationRole, list[tuple[Standing, LocationReported]]] = defaultdict(list)
    for held in standing:
        if isinstance(held.report, LocationReported):
            by_role[held.report.role].append((held, held.report))
    places = []
    for role in LocationRole:
        told = sorted(
            by_role[role],
            key=lambda pair: (
                sharpness[pair[1].precision or PlacePrecision.OTHER],
                [-part for part in pair[0].rank],
            ),
        )
        places += [_place(held, report, leads=held is told[0][0]) for held, report in told]
    return tuple(places)


def _place(held: Standing, report: LocationReported, *, leads: bool) -> Place:
    return Place(
        role=report.role,
        name=report.name,
        country=report.country,
        geometry=report.geometry,
        precision=report.precision,
        relative=report.relative,
        origin=held.origin.key,
        leads=leads,
        because=(held.version,),
    )


def _means(standing: Sequence[Standing]) -> tuple[Means, ...]:
    return tuple(
        _one_means(held, held.report) for held in standing if isinstance(held.report, MeansReported)
    )


def _one_means(held: Standing, report: MeansReported) -> Means:
    return Means(
        weapon=report.weapon,
        basis=report.basis,
        **_numbers(report.quantity),
        origin=held.origin.key,
        because=(held.version,),
    )


def _damage(standing: Sequence[Standing]) -> tuple[Damage, ...]:
    return tuple(
        Damage(
            object=held.report.object,
            extent=held.report.extent,
            **_numbers(held.report.quantity),
            origin=held.origin.key,
            because=(held.version,),
        )
        for held in standing
        if isinstance(held.report, DamageReported)
    )


def _numbers(quantity: Quantity | Words | None) -> dict[str, Number | None]:
    counted = None if quantity is None else amount(quantity)
    return {
        "low": None if counted is None else tidy(counted.low),
        "high": None if counted is None or counted.high is None else tidy(counted.high),
        "best": None if counted is None or counted.best is None else tidy(counted.best),
    }


def _actors(standing: Sequence[Standing]) -> tuple[Actor, ...]:
    told: defaultdict[tuple[str, ActorRole], list[tuple[Standing, str | None]]] = defaultdict(list)
    for held in standing:
        if isinstance(held.report, ActorReported):
            told[held.report.actor, held.report.role].append((held, held.report.kind))
    return tuple(
        Actor(
            actor=actor,
            role=role,
            kind=max(((held.rank, kind) for held, kind in said if kind), default=(None, None))[1],
            origins=tuple(sorted({held.origin.key for held, _ in said})),
            because=tuple(held.version for held, _ in said),
        )
        for (actor, role), said in told.items()
    )
