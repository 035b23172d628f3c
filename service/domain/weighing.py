"""What several origins' words come to before a headline is chosen: floor, cap, envelope, who
disputes whom (DOMAIN.md §5.4).
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from service.domain.claims import Said


class Weighed(Struct, frozen=True, kw_only=True):
    """`heard` are the origins that events have not overtaken; `carriers` give the floor, `against`
    say less for a moment that is no earlier, `binding` give highs that count.
    """

    heard: tuple[Said, ...]
    outdated: tuple[Said, ...]
    carriers: tuple[Said, ...]
    against: tuple[Said, ...]
    binding: tuple[Said, ...]
    floor: Decimal
    cap: Decimal | None
    lowest: Decimal
    highest: Decimal | None


def weigh(said: Sequence[Said]) -> Weighed:
    """`said` holds one origin at least."""
    floor = max(one.low for one in said)
    carriers = tuple(one for one in said if one.low == floor)
    reached_us = min(one.floor_us for one in carriers)
    below = [one for one in said if one.high is not None and one.high < floor]
    outdated = tuple(one for one in below if one.cap_us < reached_us)
    overtaken = {one.origin.key for one in outdated}
    heard = tuple(one for one in said if one.origin.key not in overtaken)
    binding = tuple(one for one in heard if one.high is not None and one.cap_us >= reached_us)
    return Weighed(
        heard=heard,
        outdated=outdated,
        carriers=carriers,
        against=tuple(one for one in below if one.cap_us >= reached_us),
        binding=binding,
        floor=floor,
        cap=min((one.high for one in binding if one.high is not None), default=None),
        lowest=min(one.low for one in heard),
        highest=_highest(heard),
    )


def _highest(heard: Sequence[Said]) -> Decimal | None:
    closed = [one.high for one in heard if one.high is not None]
    return max(closed) if len(closed) == len(heard) else None
