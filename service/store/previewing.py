"""What an update would do, by the very steps that an append takes, and then undone: nothing of it
is stored, and no position, version or moment is used up.
"""

from sqlalchemy import Connection

from service.errors import Unavailable
from service.store.answers import Appended, Foreseen, Preview, Receipt
from service.store.deriving import derive
from service.store.engine import Clock, undone
from service.store.held import Memory
from service.store.lanes import lock_heads
from service.store.plan import Plan, Request, Round
from service.store.receipts import outcome
from service.store.statements import Batch


def preview(connection: Connection, request: Request, clock: Clock | None) -> Preview:
    """Raises what an append of the same would raise now."""
    with undone(connection):
        heads, now_us = lock_heads(connection, sorted(request.lanes), clock)
        held = Memory().read(connection, {request.incident: request.lane}, heads)
        follows = held[request.incident].version if request.incident in held else 0
        [decision] = Round(connection, heads, held, now_us).decide([request])
        plans = [decision] if isinstance(decision, Plan) else []
        receipts = derive(connection, Batch(), plans, held)
        told = outcome(connection, decision, receipts.get(id(decision)))
    if isinstance(told, BaseException):
        raise told
    if not isinstance(told, Appended):
        raise Unavailable("the store could not tell what would change")
    return _foreseen(told.receipt, follows, is_recorded=told.replayed)


def _foreseen(receipt: Receipt, follows: int, *, is_recorded: bool) -> Preview:
    return Preview(
        incident=receipt.incident,
        update_id=receipt.update_id,
        follows=follows,
        version=receipt.version,
        recorded=is_recorded,
        events=tuple(
            Foreseen(version=one.version, type=one.type, key=one.key) for one in receipt.events
        ),
        changes=receipt.changes,
    )
