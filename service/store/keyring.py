"""Who may write and read, and what was done with whose key: the store's part of access."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from service.domain.update import Writer
from service.store import keys, uses
from service.store.answers import Key, KeyUsePage
from service.store.audit import Audit
from service.store.engine import Clock, database_clock, writing
from service.store.keys import Holder
from service.store.questions import Questions
from service.store.replica import anywhere
from service.store.uses import Use

DAY_US = 86_400_000_000


class Keyring(Questions):
    """Keys, and the audit of their use."""

    def __init__(self, engine: Engine, lanes: int, clock: Clock | None) -> None:
        super().__init__(engine, lanes, clock)
        self._audit = Audit(self._write_uses)
        self._keep_us: int | None = None
        self._dropped_us = 0

    @anywhere(needs=lambda _self, _key: None)
    def holder(self, key: str) -> Holder | None:
        """Whose key it is, also of one that opens nothing any more; None where it is unknown."""
        with self._reading() as connection:
            return keys.holder(connection, key, lambda: self._now_us(connection))

    def authenticate(self, key: str) -> Writer | None:
        """Who holds the key; None where it opens nothing."""
        found = self.holder(key)
        return found.writer if found is not None and found.opens else None

    def add_key(self, name: str, role: str, expires_us: int | None = None) -> str:
        with self._writing() as connection:
            return keys.add_key(connection, name, role, self._now_us(connection), expires_us)

    def rotate_key(self, name: str, *, keep_us: int, expires_us: int | None = None) -> str:
        with self._writing() as connection:
            now_us = self._now_us(connection)
            return keys.rotate_key(connection, name, now_us, keep_us=keep_us, expires_us=expires_us)

    def keys(self) -> tuple[Key, ...]:
        with self._reading() as connection:
            return keys.list_keys(connection)

    def revoke_key(self, name: str) -> None:
        with self._writing() as connection:
            keys.revoke_key(connection, name, self._now_us(connection))

    def note(self, use: Use) -> None:
        """Keep what was done with a key; written a second later at the latest."""
        self._audit.note(use)

    def settle(self) -> None:
        """What was noted is written when this returns, and nothing more is noted."""
        self._audit.close()

    def uses(self, name: str | None = None, *, cursor: str | None, limit: int) -> KeyUsePage:
        """What was done with a key, or with any, the newest first."""
        self._audit.flush()
        with self._reading() as connection:
            return uses.uses(connection, name, cursor=cursor, limit=limit)

    def keep_uses(self, *, days: int) -> None:
        """From now on this process forgets, once a day, what was done with keys before so many."""
        self._keep_us = days * DAY_US

    def drop_uses(self, keep_us: int) -> int:
        """Forget what was done with keys longer ago than that; how much it was."""
        with self._writing() as connection:
            return uses.drop_uses(connection, self._now_us(connection) - keep_us)

    def clock_us(self) -> int:
        """The time by the store's clock, where it has one handed in; else by this machine's."""
        return time.time_ns() // 1_000 if self._clock is None else self._clock()

    def _now_us(self, connection: Connection) -> int:
        return database_clock(connection) if self._clock is None else self._clock()

    def _write_uses(self, told: list[Use]) -> None:
        with self._writing() as connection:
            uses.add_uses(connection, told)
            at_us = told[-1].at_us
            if self._keep_us is not None and at_us - self._dropped_us > DAY_US:
                uses.drop_uses(connection, at_us - self._keep_us)
                self._dropped_us = at_us

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lender.lent() as connection, writing(connection):
            yield connection
