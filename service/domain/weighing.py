"""What several origins' words come to before a headline is chosen: floor, cap, envelope, who
disputes whom (DOMAIN.md §5.4).
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from service.domain.claims import Said


class Weighed(Struct, frozen=True, kw_only=True):
    """`heard` are the origins that events have not overtaken; `carriers` give the floor, `against`
    say less for a moment that is no earlier, `binding` give highs that count. `counting` are those
    heard that counted the cell itself, if any did: who counted a part says nothing of how many
    there were at the most. `spanning` give the envelope.
    """

    heard: tuple[Said, ...]
    outdated: tuple[Said, ...]
    carriers: tuple[Said, ...]
    against: tuple[Said, ...]
    binding: tuple[Said, ...]
    counting: tuple[Said, ...]
    spanning: tuple[Said, ...]
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
    against = tuple(one for one in below if one.cap_us >= reached_us)
    counting = tuple(one for one in heard if one.whole) or heard
    sides = [one for one in carriers if against and one not in counting]
    spanning = (*counting, *sides)
    return Weighed(
        heard=heard,
        outdated=outdated,
        carriers=carriers,
        against=against,
        binding=binding,
        counting=counting,
        spanning=spanning,
        floor=floor,
        cap=min((one.high for one in binding if one.high is not None), default=None),
        lowest=min(one.low for one in spanning),
        highest=_highest(spanning),
    )


def _highest(said: Sequence[Said]) -> Decimal | None:
    closed = [one.high for one in said if one.high is not None]
    return max(closed) if len(closed) == len(said) else None
