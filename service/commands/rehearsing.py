"""A store that is thrown away, with the record of some incidents in it, to try updates on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from schemas.body import write
from service.commands.destinations import AtHand, Destination, Told
from service.errors import NotFound, SitrepError
from service.store.schema import migrate
from service.store.store import Store

PLACEHOLDER = {"type": "context", "paraphrase": "what stood here cannot be read"}


@contextmanager
def copied(incidents: Sequence[str], source: Destination) -> Iterator[AtHand]:
    """Has those of the incidents that there are: as many events, with their words where whoever
    asks may read them.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rehearsal.db'}"
        migrate(url)
        store = Store.connect(url)
        scratch = AtHand(store)
        try:
            for incident in incidents:
                _copy(incident, source, scratch)
            yield scratch
        finally:
            store.close()


def _copy(incident: str, source: Destination, scratch: Destination) -> None:
    opening: dict[str, Any] = {}
    try:
        for update in source.told(incident):
            opening = opening or _opening(incident, update)
            _repeat(update, opening, scratch)
    except NotFound:
        return


def _opening(incident: str, first: Told) -> dict[str, Any]:
    told = first["reports"][0]["report"] or {}
    kind = {name: told[name] for name in ("kind", "kind_other") if name in told}
    return {"incident": incident, "title": told.get("title", incident), "kind": "other", **kind}


def _repeat(update: Told, opening: dict[str, Any], scratch: Destination) -> None:
    """What does not stand by itself any more, since something else cannot be read, is kept as so
    many events.
    """
    body = {"update_id": update["update_id"], "publisher": {"kind": "other", **update["publisher"]}}
    body |= {
        name: update[told]
        for name, told in {"published_at": "published", "summary": "summary"}.items()
        if update[told] is not None
    }
    opens = update["reports"][0]["version"] == 1
    events = update["reports"][1:] if opens else update["reports"]
    reports = [event["report"] or PLACEHOLDER for event in events]
    for told in (reports, [PLACEHOLDER for _ in reports]):
        try:
            if opens:
                scratch.open(write({**opening, **body, "reports": told}))
            else:
                scratch.append(opening["incident"], write({**body, "reports": told}))
        except SitrepError:
            continue
        return
