"""Rounds of one fault under load, and what became of everything."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event

from tests.faults.crowd import Figures, crowd
from tests.faults.sites import Site

MOST_BEFORE = 30
MOST_SECONDS = 0.05


def run_rounds(faulty: AbstractContextManager[Site], go_on: Callable[[int], bool]) -> Figures:
    """Strikes at random instants while `go_on(rounds so far)`; each time the store gets well."""
    rounds = 0
    with faulty as site, crowd(site.service.urls, site.key) as people:
        while go_on(rounds):
            people.wait_for(acknowledged=random.randint(1, MOST_BEFORE))
            # Not in step with an answer: an instant is as good as any other.
            Event().wait(random.uniform(0, MOST_SECONDS))
            site.strike(people)
            rounds += 1
        people.wait_for(acknowledged=1)
        figures = people.settle()
    figures.rounds = rounds
    return figures
