"""What incidents are listed and searched by, as of any moment.

Derived from the events: `catalogue` has a row for each period in which the listed facts of an
incident were the same, `places` and `links` for each period of one of theirs, `texts` the words of
each update while they hold. All of it can be rebuilt. The release before writes to none of it and
runs as it did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LASTING = sa.text("occurred_to_us - occurred_from_us > 2764800000000")
SPANNING = sa.text("east - west > 1000000")


def upgrade() -> None:
    op.create_index("updates_by_time", "updates", ["recorded_us", "incident"])
    _catalogue()
    _places()
    _links()
    _texts()
    if op.get_bind().dialect.name == "sqlite":
        _words_sqlite()
    else:
        _words_postgresql()


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=null)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _place() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("incident", sa.String(80), nullable=False),
    )


def _period() -> tuple[sa.Column[int], sa.Column[int]]:
    return _number("until_us"), _number("from_us")


def _catalogue() -> None:
    op.create_table(
        "catalogue",
        *_place(),
        *_period(),
        _number("opened_us"),
        _text("kind"),
        _text("status"),
        *(_number(name) for name in ("occurred_from_us", "occurred_to_us", "killed_low")),
        sa.Column("brief", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("lane", "incident", "until_us", "from_us"),
        sqlite_with_rowid=False,
    )
    for name, columns in (
        ("opening", ["opened_us", "incident", "from_us", "until_us", "kind", "status"]),
        ("killed", ["killed_low", "opened_us", "incident"]),
        ("time", ["occurred_from_us", "incident", "occurred_to_us"]),
    ):
        op.create_index(f"catalogue_by_{name}", "catalogue", columns)
    op.create_index(
        "catalogue_lasting",
        "catalogue",
        ["occurred_from_us", "occurred_to_us"],
        sqlite_where=LASTING,
        postgresql_where=LASTING,
    )


def _places() -> None:
    op.create_table(
        "places",
        *_place(),
        sa.Column("place", sa.LargeBinary(8), nullable=False),
        *_period(),
        _text("country"),
        *(_number(side, null=True) for side in ("west", "south", "east", "north")),
        sa.PrimaryKeyConstraint("lane", "incident", "place", "until_us", "from_us"),
        sqlite_with_rowid=False,
    )
    op.create_index("places_by_country", "places", ["country"])
    op.create_index("places_by_west", "places", ["west", "south", "east", "north"])
    op.create_index(
        "places_spanning", "places", ["west"], sqlite_where=SPANNING, postgresql_where=SPANNING
    )


def _links() -> None:
    op.create_table(
        "links",
        *_place(),
        sa.Column("target", sa.String(80), nullable=False),
        *_period(),
        sa.PrimaryKeyConstraint("lane", "incident", "target", "until_us", "from_us"),
        sqlite_with_rowid=False,
    )
    op.create_index("links_by_target", "links", ["target"])


def _texts() -> None:
    lane, incident = _place()
    op.create_table(
        "texts",
        lane,
        _number("number"),
        incident,
        _number("version"),
        *_period(),
        _text("body"),
        sa.PrimaryKeyConstraint("lane", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("texts_by_update", "texts", ["lane", "incident", "version"])


def _words_sqlite() -> None:
    """Words come folded; to the tokenizer `ascii` whatever is not ASCII is part of a word."""
    op.execute(
        "CREATE VIRTUAL TABLE texts_words USING fts5("
        "body, content='texts', content_rowid='number', columnsize=0, tokenize='ascii')"
    )
    op.execute(
        "CREATE TRIGGER texts_told AFTER INSERT ON texts BEGIN "
        "INSERT INTO texts_words(rowid, body) VALUES (new.number, new.body); END"
    )
    op.execute(
        "CREATE TRIGGER texts_gone AFTER DELETE ON texts BEGIN "
        "INSERT INTO texts_words(texts_words, rowid, body) "
        "VALUES ('delete', old.number, old.body); END"
    )


def _words_postgresql() -> None:
    """An inverted index is read by bitmap scans, which the service's connections have switched
    off; the function switches them on for itself.
    """
    op.create_index(
        "texts_words",
        "texts",
        [sa.text("(body::tsvector)")],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.execute(
        "CREATE FUNCTION texts_with(words text) "
        "RETURNS TABLE (lane smallint, incident varchar, from_us bigint, until_us bigint) "
        "LANGUAGE sql STABLE SET enable_bitmapscan = on AS $$ "
        "SELECT t.lane, t.incident, t.from_us, t.until_us FROM texts t "
        "WHERE t.body::tsvector @@ words::tsquery $$"
    )
