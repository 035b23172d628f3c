"""Case 13: pages for people: one story moment by moment, and the front page of many incidents."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from random import Random

import msgspec
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.cases.http import environment
from benchmarks.grounds import Ground
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.material import EDITOR, opening
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import Measured, alternate
from schemas.update import load_incident
from service.app import create_app
from service.commands.importing import import_taji
from service.settings import Settings

FEW = 100
TAJI = "taji-rocket-attack-2020-03-11"
STEP_MS = 100.0
JSON = Yardstick(
    "its JSON",
    "the API's answer about the same situation, which the page is made from, asked of the same"
    " application in the same process",
)
STEP = Yardstick(
    f"{STEP_MS:g} ms",
    "the bound that was set for a step of the slider; the project's figure is what the server takes"
    " for the piece of page that a step puts in place where it was not fetched ahead",
)
SHORT = Yardstick(
    f"the same of {FEW} incidents", f"the same page of a store with {FEW} other incidents"
)
LISTS = {
    "front page": "/",
    "words sought": "/?q=taji+rocket*",
    "map of all": "/map?view=-180,-90,180,90&zoom=2",
}


def for_people(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    effort = rehearsal.effort
    with ExitStack() as stack:
        many, few = (
            stack.enter_context(_told(ground, others)) for others in (effort.incidents, FEW)
        )
        yield from _one_story(ground, many, effort.rounds)
        for what, path in LISTS.items():
            asked = {name: _asked(one, [path]) for name, one in (("many", many), ("few", few))}
            took = alternate(asked, effort.rounds)
            told = f"{what}, {effort.incidents:,} incidents"
            yield _line(ground, told, SHORT, took["many"], took["few"], goal=2.0)


def _one_story(ground: Ground, client: FlaskClient, rounds: int) -> Iterator[Line]:
    stops = client.get(f"/incidents/{TAJI}/timeline").get_json()["timeline"]["stops"]
    moments = [f"version={stop['version']}" for stop in stops]
    took = alternate(
        {
            "page": _asked(client, [f"/incidents/{TAJI}?{one}" for one in moments]),
            "piece": _asked(client, [f"/incidents/{TAJI}/situation?{one}" for one in moments]),
            "json": _asked(client, [f"/v1/incidents/{TAJI}?{one}" for one in moments]),
        },
        rounds,
    )
    bound = Measured((STEP_MS,) * rounds)
    yield _line(ground, "page of Taji at a moment", JSON, took["page"], took["json"])
    yield _line(ground, "step through Taji", STEP, took["piece"], bound, goal=1.0)


def _line(
    ground: Ground,
    what: str,
    yardstick: Yardstick,
    project: Measured,
    other: Measured,
    *,
    goal: float | None = None,
) -> Line:
    return Line(
        case=13,
        engine=ground.engine,
        what=what,
        yardstick=yardstick,
        project=project,
        other=other,
        unit=Unit.MILLISECONDS,
        goal=goal,
    )


@contextmanager
def _told(ground: Ground, others: int) -> Iterator[FlaskClient]:
    """A browser of a store that holds the story of Taji, and other incidents all over the map."""
    random = Random(others)
    with ground.migrated() as url:
        key = environment(ground, url)["SITREP_SIGNING_KEY"]
        app: Flask = create_app(Settings(database_url=url, signing_key=key))
        store = app.extensions["sitrep"]
        import_taji(store)
        for number in range(others):
            store.open(load_incident(_somewhere(number, random)), EDITOR)
        yield app.test_client()
        store.close()


def _somewhere(number: int, random: Random) -> bytes:
    told = opening(f"incident-{number:05}").told
    for report in told["reports"]:
        if "geometry" in report:
            point = [round(random.uniform(-170, 170), 3), round(random.uniform(-60, 70), 3)]
            report["geometry"] = {"type": "Point", "coordinates": point}
    return msgspec.json.encode(told)


def _asked(client: FlaskClient, paths: list[str]) -> Callable[[int], float]:
    """Milliseconds of one answer, the mean of several."""
    turns = cycle(paths)

    def asked(_: int) -> float:
        times = 10
        begun = time.perf_counter()
        for _ in range(times):
            answer = client.get(next(turns))
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status}: {answer.text[:300]}")
        return (time.perf_counter() - begun) * 1000 / times

    return asked
