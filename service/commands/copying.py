"""`sitrep import --exact`: another store of an export, event by event as it was."""

from service.commands.bars import bar
from service.commands.lines import opened
from service.commands.rebuilding import derive
from service.commands.stores import opened_store
from service.commands.talk import say
from service.errors import NotHolding
from service.proof.bundle import read_heading, read_lines
from service.proof.doubt import Doubt
from service.store.copying import Copied
from service.store.rebuilding import Which


def copy(name: str) -> None:
    """Raises NotHolding for what does not hold, Refused where the store is no place for it."""
    with opened_store() as store:
        copied = Copied(new=0, known=0)
        try:
            with opened(name) as source:
                texts = (line.text or b"" for line in source.lines)
                heading = read_heading(next(texts, b""))
                with bar("bytes") as tell:
                    for so_far in store.custody.copy(heading, read_lines(texts)):
                        copied = so_far
                        tell(source.done(), source.size or 0)
        except Doubt as doubt:
            raise NotHolding(f"it does not hold: {doubt}") from doubt
        finally:
            say(f"{copied.new} events copied, {copied.known} already there")
        derive(store, Which.MISSING)
        store.custody.take_stock()
