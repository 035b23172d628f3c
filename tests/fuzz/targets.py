"""What is fuzzed: each parser as a function of bytes, which holds what the parser promises.

A target raises nothing for whatever bytes: what it says of a parser is what that may raise, and
what holds of everything that it takes.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import quote_from_bytes, urlencode
from uuid import UUID

import msgspec
import zstandard
from flask import Flask
from marshmallow import ValidationError
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import http_date

from schemas.body import DEEPEST, read_object, write, write_sorted
from schemas.forms import Slug
from schemas.quantity import HeadcountSchema, QuantitySchema
from schemas.update import load_incident, load_update
from service.api import access, memento, parameters, posting, representations
from service.api.comparing import CHANGES, ends
from service.api.log import CONSISTENCY
from service.api.selecting import LIST, selection
from service.api.series import SERIES
from service.commands.lines import opened
from service.commands.postings import posting as posting_of
from service.commands.unpacking import unpacked
from service.commands.verifying import _proven as told_of
from service.domain.moments import SECOND_US, read_instant, read_moment, read_span, write_instant
from service.domain.paths import figure_path, line_path, read_figure_path, read_line_path
from service.domain.quantity import MOST, Quantity, is_whole, read_words, tidy
from service.domain.reports import decode_report
from service.domain.topics import topic_of
from service.domain.words import LONGEST_PHRASE, LONGEST_WORD, MOST_TERMS, Term, sought, words_in
from service.errors import BadParameters, Malformed, Refused
from service.formats import sheet
from service.formats.cells import cells_of, report_of
from service.formats.drafts import drafts
from service.proof.bundle import BEGINNING, check_export, read_heading, read_lines
from service.proof.checkpoint import Checkpoint
from service.proof.doubt import Doubt
from service.proof.evidence import Proof, check, read_proof
from service.proof.note import Signer, Verifier
from service.proof.tree import EMPTY, consistency, goes_on, inclusion, is_included
from service.proof.witness import read_witness
from service.store.answers import Selection
from service.store.axes import Axis
from service.store.charting import EARLIEST_US, LATEST_US, Wanted
from service.store.charting import _begun as begun
from service.store.cursors import decoded, encoded, read_feed_cursor, write_feed_cursor
from service.store.ledger import Turn
from service.store.listing import _read as place_in
from service.store.lists import opened_before
from service.store.uses import _read as use_in
from tests.fuzz import material
from tests.fuzz.edits import Choices, edited, rearranged

Target = Callable[[bytes], None]

TARGETS: dict[str, Target] = {}
"""By their names, which are those of their corpora."""

ASCII = bytes(range(128)).decode()
INT64 = 2**63
LANES = 3
PIECES = 1 << 20

app = Flask("fuzz")
encode = msgspec.json.Encoder(decimal_format="number").encode


def target(function: Target) -> Target:
    TARGETS[function.__name__] = function
    return function


def text_of(data: bytes) -> str:
    """As a parameter comes: UTF-8, and what is none replaced."""
    return data.decode("utf-8", "replace")


def asking(**environ: str) -> Any:
    return app.test_request_context(environ_overrides=environ)


# Words of readers and writers


@target
def times(data: bytes) -> None:
    """`read_instant`, `read_moment`, `read_span`: ValueError for what is no time; else the same
    moment as the standard library reads, which is written and read again as it was.
    """
    text = text_of(data)
    try:
        span = read_span(text)
    except ValueError:
        for read in (read_instant, read_moment):
            assert raises(ValueError, read, text)
        return
    assert span.first_us <= span.last_us
    for moment_us in span[:2]:
        assert read_instant(write_instant(moment_us)) == moment_us
    if span.precision == "month":
        assert raises(ValueError, read_moment, text)
        assert write_instant(span.first_us).startswith(f"{text}-01T00:00:00.000000")
        assert write_instant(span.last_us)[:7] == text
        return
    assert read_moment(text) == span.last_us
    if span.precision == "day":
        assert write_instant(span.first_us) == f"{text}T00:00:00.000000Z"
        assert write_instant(span.last_us) == f"{text}T23:59:59.999999Z"
        return
    known = datetime.fromisoformat(text.upper()) - datetime(1970, 1, 1, tzinfo=UTC)
    assert read_instant(text) == span.first_us == known // timedelta(microseconds=1)


@target
def quantity_words(data: bytes) -> None:
    """`read_words`: ValueError, or numbers in their order; the same however blanks and cases are,
    and the same once written in figures.
    """
    text = text_of(data)
    try:
        found = read_words(text)
    except ValueError:
        return
    holds_together(found)
    assert read_words(f" {' '.join(text.split())}\n") == found
    assert read_words(text.lower()) == found
    if found.low == found.high:
        assert read_words(f"{found.low:f}").high == found.high


@target
def quantity_numbers(data: bytes) -> None:
    """`QuantitySchema`, `HeadcountSchema` over `read_object`: ValidationError, or numbers in their
    order, written as they were; people are whole.
    """
    try:
        posted = read_object(data)
    except Malformed:
        return
    for schema in (QuantitySchema(), HeadcountSchema()):
        try:
            found = Quantity(**schema.load(posted))
        except ValidationError:
            continue
        holds_together(found)
        assert msgspec.json.decode(encode(posted), type=Quantity, strict=True) == found
        if isinstance(schema, HeadcountSchema):
            assert is_whole(found)


def holds_together(found: Quantity) -> None:
    ordered = [number for number in (found.low, found.best, found.high) if number is not None]
    assert all(0 <= number <= MOST and number.is_finite() for number in ordered)
    assert all(one <= other for one, other in pairwise(ordered))
    assert all(Decimal(tidy(number)) == number for number in ordered)


@target
def search(data: bytes) -> None:
    """`sought`: ValueError, or a few words of letters and digits, found again as they are kept."""
    try:
        terms = sought(text_of(data))
    except ValueError:
        return
    assert 0 < len(terms) <= MOST_TERMS
    for term in terms:
        assert 0 < len(term.words) <= LONGEST_PHRASE
        for word in term.words:
            assert 0 < len(word) <= LONGEST_WORD
            assert not set(word) & set(" '\"\\*:&|!()<>\x00øłđħıæœþð")
            assert words_in(word) == (word,)
    assert sought(" ".join(map(typed, terms))) == terms


def typed(term: Term) -> str:
    return f'"{" ".join(term.words)}"{"*" if term.prefix else ""}'


@target
def paths(data: bytes) -> None:
    """`read_figure_path`, `read_line_path`, `topic_of`: None, or what is written and read alike."""
    text = text_of(data)
    figure, line = read_figure_path(text), read_line_path(text)
    if figure is not None:
        assert read_figure_path(figure_path(figure)) == figure
    if line is not None:
        assert read_line_path(line_path(line.subject, line.relation)) == line
    topic_of(text)


@target
def body(data: bytes) -> None:
    """`read_object`: Malformed, or an object that is written and read alike; `load_update`,
    `load_incident`: Malformed, or Refused with pointers to places in it, or reports that are kept
    as they were meant.
    """
    try:
        posted = read_object(data)
    except Malformed:
        for load in (load_update, load_incident):
            assert raises(Malformed, load, data)
        return
    assert depth(posted) <= DEEPEST
    assert read_object(write(posted)) == posted
    ordered = write_sorted(posted)
    assert write_sorted(read_object(ordered)) == ordered
    assert read_object(ordered) == posted
    for load in (load_update, load_incident):
        try:
            loaded: Any = load(data)
        except Refused as refused:
            points_into(refused, posted)
            continue
        told = getattr(loaded, "update", loaded)
        assert str(UUID(told.update_id)) == told.update_id
        for report in told.reports:
            assert decode_report(report.body) == report.report
        again: Any = load(ordered)
        assert getattr(again, "update", again).digest == told.digest


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


def points_into(refused: Refused, posted: Any) -> None:
    assert refused.faults
    for fault in refused.faults:
        assert is_place(posted, fault.pointer), fault


def names_some(bad: BadParameters) -> None:
    assert bad.faults


def is_place(value: Any, pointer: str) -> bool:
    """Whether a pointer leads to a place, or to where a missing key belongs (RFC 6901)."""
    if not pointer:
        return True
    *steps, _ = pointer.split("/")[1:]
    for step in steps:
        key: Any = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            key = int(key)
        value = value[key]
    return isinstance(value, dict | list)


@target
def import_line(data: bytes) -> None:
    """`posting`: Malformed or Refused, or two bodies with ids that follow from the line."""
    try:
        found = posting_of(data)
    except (Malformed, Refused):
        return
    assert posting_of(data) == found
    for one in (found.opening, found.update):
        told = msgspec.json.decode(one, type=dict[str, msgspec.Raw])
        assert "update_id" in told
        assert "title" not in told or one is found.opening


@target
def sheets(data: bytes) -> None:
    """`sheet.read`: Malformed, or updates that the door takes and whose reports come back from
    their cells, and faults in rows that there are.
    """
    try:
        found = sheet.read(data)
    except Malformed:
        return
    rows = data.count(b"\n") + data.count(b"\r") + 1
    assert all(0 < fault.row <= rows and fault.reason for fault in found.faults)
    assert bool(found.wrong) == bool(found.faults)
    for update in found.updates:
        assert all(0 < row <= rows for row in update.rows)
        assert Slug.form.fullmatch(update.incident)
        if update.body["reports"]:
            load_update(write(update.body))
        for report in update.body["reports"]:
            whole = read_object(write(report))
            assert report_of(cells_of(whole)) == (whole, [])


@target
def entries(data: bytes) -> None:
    """`drafts`: Malformed, or drafts that the door takes once somebody said who published them."""
    try:
        found = drafts(data, url="https://example.org/")
    except Malformed:
        return
    assert found
    for told in found:
        assert told["publisher"]["kind"] is None
        load_update(write({**told, "publisher": {"key": "somebody", "kind": "press"}}))


# Headers and parameters


@target
def if_match(data: bytes) -> None:
    """`expected_version`: Malformed, or a version that stands in the header, or any (`*`)."""
    text = data.decode("latin-1")
    with asking(HTTP_IF_MATCH=text):
        try:
            expected = posting.expected_version()
        except Malformed:
            return
        assert text.strip() == "*" if expected is None else 0 < expected < INT64
        assert expected is None or f'"{expected}' in text


@target
def if_none_match(data: bytes) -> None:
    """What a client says that it has decides between 200 and 304 and nothing else."""
    text = data.decode("latin-1")
    with asking(HTTP_IF_NONE_MATCH=text):
        version = representations.known_version()
        assert 0 <= version < 10**9
        assert not version or f'"{version}' in text or f'"{version:0>9}' in text or '"0' in text
        answer = representations.representation(b"something")
        tag = answer.headers["ETag"]
        assert answer.status_code == (304 if tag[1:-1] in text or "*" in text else 200) or (
            answer.status_code == 200
        )
        assert answer.data == (b"something" if answer.status_code == 200 else b"")


@target
def accept_datetime(data: bytes) -> None:
    """`Accept-Datetime`: Malformed, or the last microsecond of the second that it names."""
    text = data.decode("latin-1")
    try:
        moment_us = memento._end_of_second(text)
    except Malformed:
        return
    assert moment_us % SECOND_US == SECOND_US - 1
    assert memento._end_of_second(http_date(moment_us // SECOND_US)) == moment_us
    if int(text[12:16]) >= 1900:
        assert parsedate_to_datetime(text).timestamp() == moment_us // SECOND_US


@target
def authorization(data: bytes) -> None:
    """The key that was sent, or None: nothing that is sent is an error."""
    text = data.decode("latin-1")
    with asking(HTTP_AUTHORIZATION=text):
        read = access.sent_key()
    with asking(HTTP_AUTHORIZATION=text, REQUEST_METHOD="POST"):
        written = access.sent_key()
    assert read is None or isinstance(read, str)
    assert written is None or (written == read and text.lower().startswith("bearer "))


@target
def accept(data: bytes) -> None:
    """`preferred`: NotAcceptable, or one of those that are offered."""
    offered = (representations.JSON, representations.NDJSON)
    text = data.decode("latin-1").strip()
    with asking(HTTP_ACCEPT=text):
        try:
            assert representations.preferred(*offered) in offered
        except NotAcceptable:
            assert text


QUERIES = (
    *(parameters.COMPARABLE, parameters.EXPLAIN, parameters.TIMEMAP, parameters.ORIGINS),
    *(parameters.KEY_USES, parameters.UPDATES, parameters.EVENTS, parameters.FEED),
    *(LIST, SERIES, CHANGES, CONSISTENCY),
)


@target
def query(data: bytes) -> None:
    """Parameters of the operation that the first byte chooses: BadParameters that name some, or
    what is read alike when it is written again.
    """
    chosen = QUERIES[(data[0] if data else 0) % len(QUERIES)]
    with asking(QUERY_STRING=quote_from_bytes(data[1:], safe=ASCII)):
        try:
            found = parameters.read(chosen)
            understood = understand(chosen, found)
        except BadParameters as bad:
            names_some(bad)
            return
    with asking(QUERY_STRING=urlencode(found, doseq=True)):
        assert parameters.read(chosen) == found
        assert understand(chosen, found) == understood


def understand(chosen: parameters.Query, found: Any) -> Any:
    """What the parameters mean to the store."""
    if chosen is LIST:
        return selection(found)
    if chosen is CHANGES:
        return ends()
    return parameters.question(found) if isinstance(chosen, parameters.SituationQuery) else None


@target
def cursors(data: bytes) -> None:
    """Every kind of cursor: BadParameters, or a place that the store can be asked for, and the same
    again when it is written once more.
    """
    text = text_of(data)
    for lanes in (1, LANES):
        found = understood(read_feed_cursor, text, lanes)
        if found is not None:
            assert sorted(found) == list(range(lanes))
            assert all(0 <= position < INT64 for position in found.values())
            assert read_feed_cursor(write_feed_cursor(found), lanes) == found
    inner = understood(decoded, text)
    if inner is None:
        return
    assert decoded(encoded(inner)) == inner
    place = understood(place_in, text, Selection(), LANES)
    if place is not None:
        assert place_in(encoded(msgspec.json.encode(place).decode()), Selection(), LANES) == place
    opened_at = understood(opened_before, text)
    assert opened_at is None or (abs(opened_at[0]) < INT64 and Slug.form.fullmatch(opened_at[1]))
    use = understood(use_in, text)
    assert use is None or abs(use[0]) < INT64
    turn = understood(Turn(text, 1).values)
    assert turn is None or "\x00" not in turn["after"]
    for axis in Axis:
        wanted = Wanted(figure="casualties.killed", axis=axis, cursor=text, limit=1)
        going_on = understood(begun, wanted, 7)
        if going_on is not None:
            assert EARLIEST_US <= going_on.after_us <= LATEST_US
            assert -INT64 <= going_on.version <= 7


def understood(read: Callable[..., Any], *given: Any) -> Any:
    """What was read; None where it was refused by naming the parameter."""
    try:
        return read(*given)
    except BadParameters as bad:
        names_some(bad)
        return None


# Proofs and keys


@target
def keys(data: bytes) -> None:
    """`Verifier.read`, `Signer.read`: ValueError, or a key that is written as it was read."""
    text = text_of(data)
    for kind in (Verifier, Signer):
        try:
            found = kind.read(text)
        except ValueError:
            continue
        written = str(found) if isinstance(found, Verifier) else found.written()
        assert written == text.strip()


@target
def notes(data: bytes) -> None:
    """`Verifier.signed`: Doubt, or a text that was signed; so of checkpoints and witnesses."""
    signed = {material.checkpoint(lane, size) for lane, size in ((0, None), (0, 2), (1, None))}
    texts = {note.decode().rpartition("\n\n")[0] + "\n" for note in signed}
    try:
        assert material.VERIFIER.signed(data) in texts
        told = Checkpoint.signed(data, material.VERIFIER)
    except Doubt:
        told = None
    file = Path(gettempdir(), f"sitrep-witness-{os.getpid()}")
    file.write_bytes(data)
    try:
        seen = read_witness(file, [material.VERIFIER])
    except Doubt:
        return
    finally:
        file.unlink()
    for checkpoint in [one for kept in seen.values() for one in kept]:
        assert any(Checkpoint.signed(note, material.VERIFIER) == checkpoint for note in signed)
    assert told is None or told.origin.startswith("log.example")


@target
def checkpoints(data: bytes) -> None:
    """`Checkpoint.read`: Doubt, or what is signed and read again."""
    try:
        found = Checkpoint.read(text_of(data))
    except Doubt:
        return
    assert Checkpoint.signed(found.sign(material.SIGNER), material.VERIFIER) == found
    assert text_of(data).split("\n")[:2] == [found.origin, str(found.size)]
    assert found.origin


@target
def proofs(data: bytes) -> None:
    """`read_proof` and `check`: Doubt, or what an honest proof shows."""
    try:
        shows_the_truth(read_proof(data))
    except Doubt:
        return


@target
def proof_edits(data: bytes) -> None:
    """An honest proof with some keys changed: Doubt, or what an honest proof shows."""
    choices = Choices(data)
    proof = choices.one_of(material.PROOFS)
    while not choices.is_done():
        proof = edited(choices, proof, material.PROOFS)
        if "path" in proof and isinstance(proof["path"], list) and choices.below(4) == 3:
            proof = {**proof, "path": rearranged(choices, proof["path"])}
    proofs(encode(proof))


@target
def signed_nonsense(data: bytes) -> None:
    """A log that signs what is no event: Doubt, or something that can be told."""
    choices = Choices(data)
    honest = choices.one_of(material.PROOFS)
    envelope = msgspec.json.decode(honest["envelope"])
    payload = msgspec.json.decode(honest["payload"])
    while not choices.is_done():
        if choices.below(2):
            envelope = edited(choices, envelope, [envelope, honest])
        else:
            payload = edited(choices, payload, [honest, {"publisher": honest}])
    try:
        proof = material.sealed(honest, encode(envelope), encode(payload))
        shown = check(read_proof(encode(proof)), [material.VERIFIER])
    except Doubt:
        return
    assert all(told_of(shown))


def shows_the_truth(proof: Proof) -> None:
    """Raises Doubt."""
    shown = check(proof, [material.VERIFIER])
    assert told_of(shown)
    lane = next(
        lane for lane in (0, 1) if Checkpoint.read(proof.checkpoint)[:1] == (f"log.example/{lane}",)
    )
    event = material.LANES[lane][shown.index]
    assert proof.envelope.encode() == event["envelope"]
    assert shown.envelope == msgspec.json.decode(event["envelope"])
    if shown.payload is not None:
        assert shown.payload == msgspec.json.decode(event["payload"])
    else:
        assert proof.payload is None


@target
def exports(data: bytes) -> None:
    """What `sitrep verify FILE` does with an export: Doubt, or nothing but what was recorded, and
    all of it where it says that it is all.
    """
    lines = [line + b"\n" for line in data.split(b"\n") if line.strip()]
    if not lines or not lines[0].startswith(BEGINNING):
        return
    try:
        heading = read_heading(lines[0])
        checked = check_export(heading, lines[1:], [material.VERIFIER])
    except Doubt:
        return
    events = list(read_lines(lines[1:]))
    assert checked.events == len(events)
    assert len({event.envelope for event in events}) == len(events)
    for event in events:
        assert event.payload in {None, material.FACTS[event.envelope.encode()].decode()}
    assert checked.erased == sum(event.payload is None for event in events)
    if heading.incident is None:
        assert set(checked.checkpoints) == set(range(heading.lanes))
        assert checked.events == sum(told.size for told in checked.checkpoints.values())
    else:
        assert all(f'"incident":"{heading.incident}"' in event.envelope for event in events)


@target
def export_edits(data: bytes) -> None:
    """An honest export, its lines changed, left out, doubled and moved: as `exports`."""
    choices = Choices(data)
    lines = choices.one_of(material.EXPORTS)
    others = [line for export in material.EXPORTS for line in export]
    while not choices.is_done():
        if choices.below(3) == 0:
            lines = rearranged(choices, lines) or lines
            lines = [*lines[:-1], {"events": len(lines) - 2}] if choices.below(2) else lines
        else:
            at = choices.below(len(lines))
            lines = [*lines[:at], edited(choices, lines[at], others), *lines[at + 1 :]]
            if not lines[at]:
                return
    exports(material.written(lines))


@target
def trees(data: bytes) -> None:
    """`is_included`, `goes_on`: nothing but the log's own leaves and beginnings."""
    choices = Choices(data)
    size = 1 + choices.below(20)
    leaves = [b"leaf %d" % number for number in range(size)]
    root = material.tree_of(leaves).root()
    hashes = [EMPTY, root, bytes(32), *(material.tree_of(leaves[:n]).root() for n in range(size))]
    hashes += [material.tree_of([leaf]).root() for leaf in leaves]
    nodes = material.nodes_over(leaves)
    index, first = choices.below(size + 1), choices.below(size + 1)
    included = inclusion(min(index, size - 1), size, nodes)
    followed = consistency(first, size, nodes)
    assert is_included(leaves[min(index, size - 1)], min(index, size - 1), size, included, root)
    assert goes_on(first, material.tree_of(leaves[:first]).root(), size, root, followed)
    while not choices.is_done():
        included = tampered(choices, included, hashes)
        followed = tampered(choices, followed, hashes)
    leaf = choices.one_of([*leaves, *hashes])
    if is_included(leaf, index, size, included, root):
        assert leaf == leaves[index]
        assert included == inclusion(index, size, nodes)
    earlier = choices.one_of(hashes)
    if goes_on(first, earlier, size, root, followed):
        assert earlier == material.tree_of(leaves[:first]).root()
        assert followed == consistency(first, size, nodes)


def tampered(choices: Choices, path: list[bytes], hashes: list[bytes]) -> list[bytes]:
    match choices.below(4):
        case 0:
            return path
        case 1:
            return rearranged(choices, path)
        case 2:
            return [*path, choices.one_of(hashes)]
    at = choices.below(len(path) + 1)
    return [*path[:at], choices.one_of(hashes), *path[at + 1 :]]


@target
def packed(data: bytes) -> None:
    """`unpacked`: Malformed, or what Zstandard's own reader gives; lines are those of the whole."""
    try:
        found = unpacked(BytesIO(data), "a.zst").read(PIECES)
    except Malformed:
        return
    known = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
    assert found == known.read(PIECES)


@target
def files(data: bytes) -> None:
    """`opened`, plain and packed: every line that is not blank, in its order."""
    for name, written in (("plain", data), ("packed.zst", zstandard.compress(data))):
        file = Path(gettempdir(), f"sitrep-fuzz-{os.getpid()}-{name}")
        file.write_bytes(written)
        try:
            with opened(str(file)) as source:
                found = [line.text for line in source.lines]
        finally:
            file.unlink()
        kept = BytesIO(data).readlines()
        assert found == [line for line in kept if line.strip()]


def raises(expected: type[Exception], function: Callable[..., Any], *given: Any) -> bool:
    try:
        function(*given)
    except expected:
        return True
    return False
