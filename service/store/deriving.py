"""Deriving: what the accepted plans of a round put into the record, and what follows from them in
every view, index and list.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from service.store.advancing import (
    advanced,
    depends,
    is_editorial,
    is_past_seen_otherwise,
    listed,
    told_of,
    unwritten,
    words_erased_by,
)
from service.store.answers import Appended
from service.store.bookkeeping import Bookkeeper
from service.store.cataloguing import Cataloguer
from service.store.erasing import erase, forget_words
from service.store.held import Held, read_again
from service.store.indexing import Indexer
from service.store.plan import Plan
from service.store.reading import incident_row
from service.store.rebooking import rebook
from service.store.rebuilding import rebuild_incident
from service.store.recataloguing import recatalogue
from service.store.receipts import appended
from service.store.statements import Batch, Insert, Update
from service.store.tables import incidents
from service.store.withholding import may_change
from service.store.writing import record

_insert_incident = Insert(incidents)
_update_incident = Update(
    incidents,
    keys=("lane", "incident"),
    columns=(
        *("version", "position", "recorded_us", "leaf", "brief", "view"),
        *("merged_into", "release_us", "edition", "derived_version"),
    ),
)


def derive(
    connection: Connection, batch: Batch, plans: Sequence[Plan], held: dict[str, Held]
) -> dict[int, Appended]:
    """Put the record of a round's plans into the batch, and all that follows from them; the answer
    to each, by its `id`. `held` is what was known of their incidents, and is after them.
    """
    opened = {plan.request.incident for plan in plans if plan.request.opening is not None}
    indexer, cataloguer = Indexer(connection, batch), Cataloguer(connection, batch)
    keeper = Bookkeeper(connection, batch)
    receipts: dict[int, Appended] = {}
    for plan in plans:
        incident = plan.request.incident
        before = unwritten(plan) if plan.request.opening is not None else held[incident]
        record(batch, plan)
        if erased := words_erased_by(plan):
            cataloguer.finish()
            keeper.finish()
            indexer.flush()
            held[incident] = after = _without_words(connection, plan, erased)
            receipts[id(plan)] = appended(plan, before, after)
            continue
        place = {"lane": before.lane, "incident": incident}
        indexer.add(plan.told, place, before.states)
        if is_editorial(plan) or depends(plan) or may_change(before.unseen, plan.told):
            indexer.flush()
        held[incident] = after = advanced(connection, before, plan)
        receipts[id(plan)] = appended(plan, before, after)
        keeper.book(plan.told, before, after)
        if is_past_seen_otherwise(before, after):
            cataloguer.finish()
            keeper.finish()
            indexer.flush()
            _tell_anew(connection, after)
            continue
        told = told_of(plan)
        cataloguer.note(told, listed(before), listed(after))
        cataloguer.tell(told, after.unseen.versions, acts=is_editorial(plan))
    indexer.finish()
    cataloguer.finish()
    keeper.finish()
    for incident in {plan.request.incident for plan in plans}:
        statement = _insert_incident if incident in opened else _update_incident
        after = held[incident]
        row = incident_row(
            after.lane,
            after.frame,
            after.opening,
            after.situation,
            opened_us=after.opened_us,
            leaf=after.leaf,
            brief=after.brief,
            release_us=after.unseen.release_us,
            erased_version=after.erased_version,
        )
        batch.add(statement, row)
    return receipts


def _without_words(connection: Connection, plan: Plan, erased: Sequence[int]) -> Held:
    """What is known of an incident once words of it are erased: everything derived anew. The plan
    is in the log.
    """
    lane, incident = plan.request.lane, plan.request.incident
    erase(connection, lane, incident, erased)
    rebuild_incident(connection, lane, incident)
    forget_words(connection)
    return read_again(connection, lane, incident)


def _tell_anew(connection: Connection, held: Held) -> None:
    """Derive again what an incident is listed, searched and counted by."""
    recatalogue(
        connection,
        held.lane,
        held.incident,
        opening=held.opening,
        opened_us=held.opened_us,
        unseen=held.unseen.versions,
    )
    seen, unseen = held.ordered(), held.unseen.versions
    rebook(connection, held.lane, held.incident, seen, held.situation, unseen=unseen)
    held.book = None
