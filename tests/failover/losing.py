"""A store whose primary is lost, again and again, and whose standbys take turns."""

from collections.abc import Iterator
from contextlib import contextmanager

from click.testing import CliRunner

from service.cli import main
from tests.failover.nodes import Trio, trio
from tests.faults.crowd import Crowd
from tests.faults.sites import Site, made, served

AFTERWARDS = 20
"""Updates that are acknowledged by a new primary before the former one comes back."""


@contextmanager
def primary_killed() -> Iterator[Site]:
    """Killed (-9) under load; the best standby is promoted, and the former primary follows it."""
    with trio() as three:
        url, key = made(three.url)
        with served(url) as service:

            def strike(people: Crowd) -> None:
                gone = three.primary
                gone.kill()
                people.wait_for_outage()
                promoted(three)
                people.wait_for(acknowledged=AFTERWARDS)
                gone.rewind(three.primary)
                three.join(gone)

            yield Site(service, strike, key)


def promoted(three: Trio) -> None:
    """By the command, as an operator does it."""
    standbys = [node.url for node in three.standbys]
    done = CliRunner().invoke(main, ["promote", *standbys])
    assert done.exit_code == 0, done.output
    three.promoted(done.stdout.strip())
