"""`sitrep verify`: whether the record is what it was."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec

from service.commands.bars import bar
from service.commands.lines import LONGEST, opened
from service.commands.stores import opened_store
from service.commands.talk import say
from service.domain.moments import write_instant
from service.errors import NotHolding
from service.proof.bundle import BEGINNING, Checked, check_export, read_heading
from service.proof.doubt import Doubt
from service.proof.evidence import Proven, check, read_proof
from service.proof.note import Verifier
from service.proof.witness import append_witness, read_witness
from service.store.verifying import Verified


class PublicKey(click.ParamType[Verifier]):
    """`name+id+base64`, or a file that holds it."""

    name = "key"

    def convert(
        self, value: str | Verifier, param: click.Parameter | None, ctx: click.Context | None
    ) -> Verifier:
        if isinstance(value, Verifier):
            return value
        try:
            file = Path(value)
            return Verifier.read(file.read_text() if "+" not in value else value)
        except (OSError, ValueError) as wrong:
            self.fail(f"{value!r}: {wrong}", param, ctx)


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--public-key",
    "keys",
    type=PublicKey(),
    multiple=True,
    envvar="SITREP_PUBLIC_KEY",
    help="By whose word: the signer's public key, or a file with it. Else SITREP_PUBLIC_KEY.",
)
@click.option(
    "--witness",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of checkpoints that were seen before; this one is added when all holds.",
)
@click.option("--log-only", is_flag=True, help="Leave out what is derived from the log.")
def verify(
    file: Path | None, keys: tuple[Verifier, ...], witness: Path | None, *, log_only: bool
) -> None:
    """Check that the record is what it was, and name the first event that does not hold.

    Without FILE the store is checked in place, while it may be served. FILE is a proof of one
    event, or an export; it is checked offline, with nothing but the public key.
    """
    try:
        if file is not None:
            _verify_file(file, keys)
        else:
            _verify_store(keys, witness, log_only=log_only)
    except Doubt as doubt:
        raise NotHolding(f"it does not hold: {doubt}") from doubt


def _verify_file(file: Path, keys: Sequence[Verifier]) -> None:
    if not keys:
        raise click.UsageError("a file is checked by the signer's public key: give --public-key")
    with opened(str(file)) as source:
        texts = (line.text or b"" for line in source.lines)
        first = next(texts, b"")
        if not first.startswith(BEGINNING):
            told = _proven(check(read_proof(_whole(first, texts)), keys))
        else:
            told = _exported(check_export(read_heading(first), texts, keys))
    for line in told:
        click.echo(line)


def _whole(first: bytes, rest: Iterable[bytes]) -> bytes:
    text = bytearray(first)
    for line in rest:
        text += line
        if len(text) > LONGEST:
            raise Doubt("it is too large for a proof")
    return bytes(text)


def _exported(checked: Checked) -> list[str]:
    erased = f", {checked.erased} of them erased" if checked.erased else ""
    logs = ", ".join(f"{log.origin} at {log.size}" for log in checked.checkpoints.values())
    return [f"{checked.events} events hold{erased}; signed: {logs}."]


def _proven(shown: Proven) -> list[str]:
    envelope, payload = shown.envelope, shown.payload
    named = f"{envelope['incident']}/{envelope['version']}"
    recorded, published = (
        write_instant(envelope[f"{name}_us"]) for name in ("recorded", "published")
    )
    told = [
        f"{named} is event {shown.index + 1} of {shown.size} in the log {shown.origin}.",
        f"{envelope['type']}, published {published}, recorded {recorded} by {envelope['actor']}.",
    ]
    if payload is None:
        return [*told, "Its words are not in the proof: they were erased, or are withheld."]
    publisher = payload["publisher"]
    told.append(f"Publisher: {publisher.get('name') or publisher['key']}")
    return [*told, f"Report: {msgspec.json.encode(payload['report']).decode()}"]


def _verify_store(keys: Sequence[Verifier], witness: Path | None, *, log_only: bool) -> None:
    with opened_store() as store:
        known = list(keys) or store.verifiers()
        if not keys:
            say("Checked by the public key that the store itself names; --public-key is surer.")
        witnessed = {} if witness is None else read_witness(witness, known)
        with bar("events") as tell:
            found = store.custody.verify_log(known[0] if known else None, witnessed, progress=tell)
        if not log_only:
            with bar("what is derived") as tell:
                rows = store.custody.review(progress=tell)
            click.echo(f"{rows} rows that are derived from the log are what it says.")
    for lane in found:
        click.echo(_told(lane))
        known_size = max((seen.size for seen in witnessed.get(lane.origin, ())), default=-1)
        if witness is not None and lane.note is not None and lane.signed > known_size:
            append_witness(witness, lane.note)


def _told(lane: Verified) -> str:
    erased = f", {lane.erased} of them erased" if lane.erased else ""
    signed = "nothing is signed" if lane.note is None else f"signed up to {lane.signed}"
    return f"{lane.origin}: {lane.events} events hold{erased}; {signed}."
