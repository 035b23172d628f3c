"""DOMAIN.md §10.4–6 while things go wrong: what was acknowledged is there, whole and once, and a
reader of the feed who reads on over every outage sees each event once.
"""

import pytest

from tests.faults.rounds import run_rounds
from tests.faults.sites import FAULTS

ROUNDS = 3


@pytest.mark.parametrize(("engine", "name"), FAULTS)
def test_nothing_acknowledged_is_lost_and_nothing_is_there_in_part(grounds, engine, name):
    faulty = FAULTS[engine, name](grounds, engine)

    figures = run_rounds(faulty, lambda rounds: rounds < ROUNDS)

    assert figures.broken == {}
    assert figures.acknowledged >= ROUNDS
    assert figures.acknowledged <= figures.stored <= figures.acknowledged + figures.unanswered
