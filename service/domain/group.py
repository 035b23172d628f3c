"""Groups of people: which cell of a toll a count is about (DOMAIN.md §5)."""

from enum import StrEnum

from msgspec import Struct, structs


class Role(StrEnum):
    MILITARY = "military"
    CONTRACTOR = "contractor"
    POLICE = "police"
    CIVILIAN = "civilian"
    MILITANT = "militant"
    AID = "aid"
    MEDICAL = "medical"
    PRESS = "press"
    OFFICIAL = "official"
    UNKNOWN = "unknown"
    OTHER = "other"


class Scope(StrEnum):
    WHOLE = "whole"
    PART = "part"
    ADDITIONAL = "additional"


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """People who share these traits. A missing trait means *any*; no trait at all means
    everyone.
    """

    nationality: str | None = None
    role: Role | None = None
    role_other: str | None = None
    affiliation: str | None = None
    sex: str | None = None
    age_band: str | None = None
    severity: str | None = None
    cause: str | None = None


EVERYONE = Group()

Cell = frozenset[tuple[str, str]]
TOTAL: Cell = frozenset()


def cell_of(group: Group) -> Cell:
    """The traits that are said, so that groups can be compared."""
    return frozenset(
        (trait, str(value)) for trait, value in structs.asdict(group).items() if value is not None
    )


def group_of(cell: Cell) -> dict[str, str]:
    """A cell as it is written in JSON, traits in DOMAIN.md's order."""
    traits = dict(cell)
    return {trait: traits[trait] for trait in Group.__struct_fields__ if trait in traits}


def disjoint(one: Cell, other: Cell) -> bool:
    """Nobody can be in both: a trait that both say differs."""
    traits = dict(other)
    return any(trait in traits and traits[trait] != value for trait, value in one)


def scope_of(scope: Scope | None, group: Group) -> Scope:
    """`whole` is the default for everyone, `part` for a narrower group (DOMAIN.md §3)."""
    if scope is not None:
        return scope
    return Scope.WHOLE if group == EVERYONE else Scope.PART
