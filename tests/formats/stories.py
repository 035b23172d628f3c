"""A story with everything in it that another form could stumble over."""

from typing import Any

from service.domain.moments import read_moment
from service.formats.site import Site
from service.store.retelling import Retold, ToldEvent, ToldUpdate
from tests.histories import (
    Json,
    correction,
    injured,
    killed,
    origin,
    recorded,
    retraction,
    says,
    situation_of,
    told,
)

SITE = Site("https://news.example")
HOSTILE = "</script><b>&\"'\u2028]]>\ufffe\U0001f525 =1+1"
POINT = {"type": "Point", "coordinates": [44.26, 33.52]}
SQUARE = {"type": "Polygon", "coordinates": [[[44, 33], [45, 33], [45, 34], [44, 34], [44, 33]]]}


def place(name: str | None = "Camp Taji", **more: Any) -> Json:
    return {"type": "location", "role": "target", "name": name, "country": "IQ", **more}


def happened(earliest: str, latest: str | None = None) -> Json:
    return {"type": "time", "occurred": {"earliest": earliest, "latest": latest}}


def rich() -> list[Json]:
    """Updates that contradict, correct and take back one another, in strange words."""
    named = told("afp", killed({"low": 2}, origin=origin("army")), place(geometry=POINT))
    named["publisher"] |= {"name": HOSTILE, "url": "https://afp.example/a?b=1&c=<2>"}
    return [
        {**named, "summary": HOSTILE},
        told("ap", happened("2020-03-11T16:30:00Z", "2020-03-11T17:00:00Z"), injured("several")),
        told("ap", killed(9), says("claim", HOSTILE, speaker=HOSTILE), at_hour=13),
        told(
            "ap",
            {"type": "narrative", "headline": HOSTILE, "body": f"{HOSTILE}\n\nand more"},
            {"type": "statement", "speaker": HOSTILE, "stance": "warns", "paraphrase": HOSTILE},
            {"type": "evidence", "url": "https://example.org/1"},
            {"type": "question", "question": HOSTILE},
            place(HOSTILE, geometry=SQUARE, precision="exact"),
        ),
        told("ap", correction(6, killed(4), note=HOSTILE)),
        told("desk", retraction(5, reason=HOSTILE)),
    ]


def retold(*updates: Json) -> Retold:
    """A story as the store tells it again, the newest update first."""
    events = recorded(*updates)
    held = situation_of(events)
    heard = []
    for update in updates:
        first = 2 + sum(len(one["reports"]) for one in updates[: len(heard)])
        own = events[first - 1 : first - 1 + len(update["reports"])]
        heard.append(
            ToldUpdate(
                incident=held.incident,
                update_id=own[0].update_id,
                version=own[-1].version,
                recorded_us=own[0].recorded_us,
                published_us=read_moment(update["published_at"]),
                published=update["published_at"],
                publisher=own[0].publisher,
                summary=update.get("summary"),
                events=tuple(
                    ToldEvent(
                        version=event.version,
                        event_id=event.event_id,
                        type="",
                        origin=event.origin.key,
                        report=event.report,
                        posted=None,
                    )
                    for event in own
                ),
            )
        )
    return Retold(
        situation=held,
        opening=events[0].report,
        opened_us=events[0].recorded_us,
        updates=tuple(reversed(heard)),
        next=None,
        immutable=False,
    )
