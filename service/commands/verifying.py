"""`sitrep verify`: whether the record is what it was; `sitrep signer`: by whose word."""

from collections.abc import Sequence
from pathlib import Path

import click

from service.commands.bars import bar
from service.commands.stores import opened_store
from service.commands.talk import say
from service.errors import Malformed, SitrepError
from service.proof.doubt import Doubt
from service.proof.evidence import Proven, check, read_proof
from service.proof.note import Verifier
from service.proof.witness import append_witness, read_witness
from service.store.verifying import Verified


class NotHolding(SitrepError):
    """What was verified does not hold."""


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
def verify(file: Path | None, keys: tuple[Verifier, ...], witness: Path | None) -> None:
    """Check that the record is what it was, and name the first event that does not hold.

    Without FILE the store is checked in place, while it may be served. FILE is a proof of one
    event; it is checked offline, with nothing but the public key.
    """
    try:
        if file is not None:
            _verify_file(file, keys)
        else:
            _verify_store(keys, witness)
    except Doubt as doubt:
        raise NotHolding(f"it does not hold: {doubt}") from doubt


def _verify_file(file: Path, keys: Sequence[Verifier]) -> None:
    if not keys:
        raise click.UsageError("a proof is checked by the signer's public key: give --public-key")
    for line in _proven(check(read_proof(file.read_bytes()), keys)):
        click.echo(line)


def _proven(shown: Proven) -> list[str]:
    envelope = shown.envelope
    named = f"{envelope['incident']}/{envelope['version']}"
    what = "with its payload" if shown.payload is not None else "its payload is not in the proof"
    return [
        f"{named} is event {shown.index + 1} of {shown.size} in the log {shown.origin}; {what}.",
        f"It is a {envelope['type']}, recorded by {envelope['actor']}.",
    ]


def _verify_store(keys: Sequence[Verifier], witness: Path | None) -> None:
    with opened_store() as store:
        known = list(keys) or store.verifiers()
        if not keys:
            say("Checked by the public key that the store itself names; --public-key is surer.")
        witnessed = {} if witness is None else read_witness(witness, known)
        with bar("events") as tell:
            found = store.verify_log(known[0] if known else None, witnessed, progress=tell)
    for lane in found:
        click.echo(_told(lane))
        if witness is not None and lane.signed:
            append_witness(witness, lane.note or b"")


def _told(lane: Verified) -> str:
    erased = f", {lane.erased} of them erased" if lane.erased else ""
    signed = "nothing is signed" if lane.note is None else f"signed up to {lane.signed}"
    return f"{lane.origin}: {lane.events} events hold{erased}; {signed}."


@click.command()
def signer() -> None:
    """Print the public key by which the store's checkpoints are checked."""
    with opened_store() as store:
        known = store.verifiers()
    if not known:
        raise Malformed("nobody signs the store: run `sitrep migrate`")
    click.echo(str(known[0]))
