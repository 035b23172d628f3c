"""Any change to the past is found, and the first event that does not hold is named."""

from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, inspect, make_url, select, text, update
from sqlalchemy.exc import DBAPIError

from service.errors import Unavailable
from service.proof.chain import commitment_of, leaf_of
from service.proof.checkpoint import Checkpoint
from service.proof.doubt import Doubt
from service.proof.note import Signer
from service.proof.tree import Peaks
from service.store.growing import TILE
from service.store.sealing import stored_envelope
from service.store.signers import add_signer
from service.store.store import Store
from service.store.tables import events, lane_heads, metadata, payloads
from tests.histories import (
    EDITOR,
    correction,
    killed,
    marking,
    new_incident,
    new_update,
    retraction,
    told,
)
from tests.store.test_erasing import ADMIN, erasure
from tests.store.test_rebuilding import run

NOT_COVERED = {
    "keys": "who may write is no part of the record",
    "former_keys": "nor who might",
    "sign_ins": "nor who writes just now",
    "drafts": "what was not posted was not reported",
    "key_uses": "what was done with keys is kept for a time and goes",
    "signers": "whoever verifies brings the public key along",
    "alembic_version": "a store of another schema is not opened",
    "updates.digest": "only tells a retry from another body",
}
"""What `sitrep verify` does not find (docs/reliability.md says so)."""


@pytest.fixture(scope="session")
def signer():
    return Signer.new("log.example")


@pytest.fixture
def signed(database, open_store, signer):
    add_signer(database, signer)
    return open_store(database, signer=signer)


def fill(store):
    """Two incidents with something in every table."""
    store.open(
        new_incident("elsewhere", killed(7), {"type": "link", "to": "taji", "relation": "follows"}),
        EDITOR,
    )
    store.open(new_incident("taji", killed(1)), EDITOR)
    place = {
        "type": "location",
        "role": "target",
        "name": "Taji",
        "country": "IQ",
        "precision": "city",
        "geometry": {"type": "Point", "coordinates": [44.25, 33.5]},
    }
    for update_ in (
        told("afp", killed(20), place, at_hour=13),
        told("desk", correction(3, killed(2)), at_hour=14),
        told("bbc", killed(9), at_hour=15),
        told("desk", retraction(6), at_hour=16),
        told("desk", marking(6, audience="desk"), at_hour=17),
    ):
        store.append("taji", new_update(update_), EDITOR)
    store.append("taji", new_update(told("desk", erasure(2), at_hour=18)), ADMIN)


@contextmanager
def tampered(url):
    """A connection of whoever owns the database, whom no trigger stops."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            named = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            for name in connection.execute(text(named)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
            connection.execute(text("GRANT ALL ON events TO CURRENT_USER"))
        yield connection
    engine.dispose()


def flipped(value):
    """The same with one bit changed."""
    if isinstance(value, bytes | memoryview):
        return bytes([*value[:-1], value[-1] ^ 1]) if len(value) else b"\x01"
    if isinstance(value, int):
        return value ^ 1
    if value is None:
        return None
    return f"{value[:-1]}{chr(ord(value[-1]) ^ 1)}" if value else "x"


def verify(store, signer, **witnessed):
    store.custody.verify_log(signer.verifier, witnessed)
    store.custody.review()


def test_an_untouched_store_holds(signed, signer):
    fill(signed)

    verify(signed, signer)


def test_any_change_in_any_column_is_found(signed, signer, database):
    fill(signed)
    verify(signed, signer)
    engine = create_engine(database)
    names = inspect(engine).get_table_names()
    engine.dispose()
    missed, tried = [], 0

    for name in sorted(set(names) & set(metadata.tables)):
        table = metadata.tables[name]
        for column in table.columns:
            if name in NOT_COVERED or f"{name}.{column.name}" in NOT_COVERED:
                continue
            for change in changes_of(database, table, column):
                tried += 1
                with changed(database, column, *change) as possible:
                    if possible and not is_found(signed, signer):
                        missed.append((f"{name}.{column.name}", *change))

    assert missed == []
    assert tried > 100


def changes_of(url, table, column):
    """For the first row with a value in this column: its key, the value, and another one."""
    engine = create_engine(url)
    with engine.connect() as connection:
        row = (
            connection.execute(
                select(table).where(column.is_not(None)).order_by(*table.primary_key).limit(1)
            )
            .mappings()
            .first()
        )
    engine.dispose()
    if row is not None:
        key = {part.name: row[part.name] for part in table.primary_key}
        yield key, row[column.name], flipped(row[column.name])


@contextmanager
def changed(url, column, key, before, after):
    """Tells whether the database could be changed so at all; it is changed back."""

    table = column.table

    def put(key, value):
        with tampered(url) as connection:
            matches = [table.c[name] == part for name, part in key.items()]
            connection.execute(update(table).where(*matches).values({column.name: value}))

    try:
        put(key, after)
    except DBAPIError:
        yield False
        return
    yield True
    put({**key, **({column.name: after} if column.name in key else {})}, before)


def is_found(store, signer):
    try:
        verify(store, signer)
    except (Doubt, Unavailable):
        return True
    return False


def test_the_first_event_that_does_not_hold_is_named(signed, signer, database):
    fill(signed)
    with tampered(database) as connection:
        changed_body = (
            select(payloads.c.body)
            .join(events, events.c.event_id == payloads.c.event_id)
            .where(events.c.incident == "taji", events.c.version == 4)
        )
        body = connection.execute(changed_body).scalar_one()
        connection.execute(
            update(payloads).where(payloads.c.body == body).values(body=bytes(body) + b" ")
        )

    with pytest.raises(Doubt, match=r"taji/4 \(position 7\): its payload is not the one"):
        signed.custody.verify_log(signer.verifier, {})


def test_a_payload_that_nobody_erased_is_missed(signed, signer, database):
    fill(signed)
    with tampered(database) as connection:
        gone = select(events.c.event_id).where(events.c.incident == "taji", events.c.version == 4)
        connection.execute(payloads.delete().where(payloads.c.event_id.in_(gone)))

    with pytest.raises(Doubt, match="taji/4: its payload is gone, and nobody erased it"):
        signed.custody.verify_log(signer.verifier, {})


def rewind(connection):
    """As if the last update had never been: everything that a database's owner can put right."""
    last = connection.execute(
        text(
            "SELECT lane, incident, version, position, update_id FROM events "
            "ORDER BY position DESC LIMIT 1"
        )
    ).one()
    for statement in (
        "DELETE FROM payloads WHERE event_id IN (SELECT event_id FROM events WHERE position = :at)",
        "DELETE FROM events WHERE position = :at",
        "DELETE FROM updates WHERE position = :at",
        "UPDATE lane_heads SET position = :at - 1, tree_size = :at - 1",
        "UPDATE lane_heads SET recorded_us = (SELECT max(recorded_us) FROM events)",
    ):
        connection.execute(text(statement), {"at": last.position})


def test_a_last_event_that_was_removed_is_found_against_the_checkpoint(signed, signer, database):
    fill(signed)
    with tampered(database) as connection:
        rewind(connection)

    with pytest.raises(Doubt, match=r"has 11 events, and the checkpoint saw 12"):
        signed.custody.verify_log(signer.verifier, {})


def test_a_store_wound_back_with_its_own_checkpoint_is_found_by_a_witness(signed, signer, database):
    fill(signed)
    earlier = signed.checkpoint(0)
    with tampered(database) as connection:
        peaks = connection.execute(text("SELECT peaks FROM lane_heads")).scalar_one()
    signed.append("taji", new_update(told("afp", killed(3), at_hour=19)), EDITOR)
    seen = Checkpoint.signed(signed.checkpoint(0), signer.verifier)

    with tampered(database) as connection:
        rewind(connection)
        connection.execute(
            text("UPDATE lane_heads SET checkpoint = :note, peaks = :peaks"),
            {"note": earlier, "peaks": peaks},
        )
    signed.custody.rebuild()

    signed.custody.verify_log(signer.verifier, {})
    with pytest.raises(Doubt, match=r"has 12 events, and the witness saw 13"):
        signed.custody.verify_log(signer.verifier, {"log.example": [seen]})


def test_a_rewritten_history_is_found_by_its_checkpoint(signed, signer, database):
    """Somebody makes every hash anew, and lacks nothing but the key."""
    fill(signed)
    with tampered(database) as connection:
        last = select(events, payloads.c.salt, payloads.c.body).join(
            payloads, events.c.event_id == payloads.c.event_id
        )
        row = connection.execute(last.order_by(events.c.position.desc()).limit(1)).one()
        before = connection.execute(
            select(events.c.leaf).where(
                events.c.incident == row.incident, events.c.version == row.version - 1
            )
        ).scalar_one()
        body = bytes(row.body).replace(b"asked for by her", b"asked for by him")
        commitment = commitment_of(bytes(row.salt), body)
        leaf = leaf_of(stored_envelope(row), commitment, bytes(before))
        mine = payloads.c.event_id == row.event_id
        connection.execute(update(payloads).where(mine).values(body=body))
        own = events.c.event_id == row.event_id
        connection.execute(update(events).where(own).values(commitment=commitment, leaf=leaf))
        tree = Peaks()
        ordered = select(events.c.leaf).order_by(events.c.position)
        for held in connection.execute(ordered).scalars():
            tree.push(bytes(held))
        connection.execute(update(lane_heads).values(peaks=tree.stored()))
    signed.custody.rebuild()

    signed.custody.verify_log(None, {})
    signed.custody.review()
    with pytest.raises(Doubt, match="hold together, but are not those that the checkpoint saw"):
        signed.custody.verify_log(signer.verifier, {})


def test_a_store_whose_checkpoint_was_taken_away_does_not_pass_for_an_unsigned_one(
    signed, signer, database
):
    fill(signed)
    with tampered(database) as connection:
        connection.execute(update(lane_heads).values(checkpoint=None))

    with pytest.raises(Doubt, match="lane 0 has no checkpoint"):
        signed.custody.verify_log(signer.verifier, {})


@pytest.mark.parametrize("gone", [{"checkpoint": None}, {"peaks": b"x"}])
def test_what_lost_its_checkpoint_is_not_signed_by_a_migration(signed, signer, database, gone):
    fill(signed)
    before = signed.checkpoint(0)
    with tampered(database) as connection:
        connection.execute(update(lane_heads).values(gone))

    signed.custody.sign()

    with tampered(database) as connection:
        kept = connection.execute(select(lane_heads.c.checkpoint)).scalar_one()
    assert kept == gone.get("checkpoint", before)
    with pytest.raises(Doubt):
        signed.custody.verify_log(signer.verifier, {})


def test_events_beyond_an_older_checkpoint_are_not_taken_for_signed(signed, signer, database):
    """Put back with the tree that it was signed over, it says nothing of what comes after."""
    fill(signed)
    with tampered(database) as connection:
        older = connection.execute(select(lane_heads)).mappings().one()
    signed.append("taji", new_update(told("afp", killed(3), at_hour=19)), EDITOR)
    with tampered(database) as connection:
        kept = {name: older[name] for name in ("tree_size", "peaks", "checkpoint")}
        connection.execute(update(lane_heads).values(kept))

    with pytest.raises(Doubt, match="only 12 of the 13 events"):
        signed.custody.verify_log(signer.verifier, {})


@pytest.mark.parametrize("peaks", [bytes(64), bytes(3)])
def test_what_was_tampered_with_is_never_signed_again(signed, signer, database, peaks):
    fill(signed)
    before = signed.checkpoint(0)
    with tampered(database) as connection:
        connection.execute(text("UPDATE lane_heads SET peaks = :peaks"), {"peaks": peaks})

    receipt = signed.append("taji", new_update(told("afp", killed(3), at_hour=19)), EDITOR)

    assert receipt.receipt.version == 10
    assert signed.checkpoint(0) == before
    with pytest.raises(Doubt):
        signed.custody.verify_log(signer.verifier, {})


def test_tiles_are_kept_as_the_log_grows_and_hold(signed, signer, database):
    signed.open(new_incident("taji"), EDITOR)
    for number in range(3):
        reports = [killed(n, origin={"key": f"o{n}", "kind": "official"}) for n in range(200)]
        signed.append("taji", new_update(told(f"p{number}", *reports)), EDITOR)

    (lane,) = signed.custody.verify_log(signer.verifier, {})

    assert lane.events == lane.signed == 601
    with tampered(database) as connection:
        assert connection.execute(text("SELECT count(*) FROM tiles")).scalar_one() == 601 // TILE
        connection.execute(text("UPDATE tiles SET hashes = root WHERE number = 1"))
    with pytest.raises(Doubt, match="tile 0/1 of lane 0"):
        signed.custody.verify_log(signer.verifier, {})


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_flipped_byte_of_the_file_is_found_or_changes_nothing(signed, signer, database, tmp_path):
    fill(signed)
    signed.close()
    run(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = Path(make_url(database).database).read_bytes()
    before = everything_covered(database)
    random, found = Random(11), 0

    for number in range(150):
        at = random.randrange(len(whole))
        file = tmp_path / f"{number}.db"
        file.write_bytes(
            whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]
        )
        url = f"sqlite:///{file}"
        if reads_otherwise(url, before):
            found += 1
            assert does_not_hold(url, signer), f"byte {at} of {len(whole)}"
        file.unlink()

    assert found > 10


def everything_covered(url):
    """What reads of the tables that are covered give."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {
                name: connection.execute(
                    select(
                        *(
                            column
                            for column in table.columns
                            if f"{name}.{column.name}" not in NOT_COVERED
                        )
                    ).order_by(*table.primary_key)
                ).all()
                for name, table in metadata.tables.items()
                if name not in NOT_COVERED
            }
    finally:
        engine.dispose()


def reads_otherwise(url, before):
    try:
        return everything_covered(url) != before
    except (DBAPIError, UnicodeDecodeError):
        return True


def does_not_hold(url, signer):
    try:
        with closing(Store.connect(url)) as store:
            verify(store, signer)
    except (Doubt, Unavailable, DBAPIError):
        return True
    return False
