"""`sitrep signer`: by whose word the log holds."""

import click

from service.commands.bars import bar
from service.commands.stores import opened_store, read_settings, signing_key_file
from service.commands.talk import say
from service.errors import Malformed, NotHolding
from service.proof.doubt import Doubt
from service.proof.note import Signer, Verifier
from service.store.signers import add_signer, write_key
from service.store.store import Store


@click.group(invoke_without_command=True)
@click.pass_context
def signer(context: click.Context) -> None:
    """Print the public key by which the store's checkpoints are checked."""
    if context.invoked_subcommand is None:
        with opened_store() as store:
            click.echo(str(_present(store)))


@signer.command()
def rotate() -> None:
    """Sign the log with a new key from now on, once all of it was verified.

    The old key's file is kept beside the new one. Every service has to be restarted with the new
    one: until then it writes, and does not sign.
    """
    file = signing_key_file()
    with opened_store() as store:
        former = _present(store)
        try:
            with bar("events") as tell:
                store.custody.verify_log(former, {}, progress=tell)
        except Doubt as doubt:
            raise NotHolding(f"it does not hold, and is not signed anew: {doubt}") from doubt
    new = Signer.new(former.name)
    if file.exists():
        file.rename(file.with_name(f"{file.name}.{former.id.hex()}"))
    write_key(file, new)
    add_signer(read_settings().database_url, new)
    say(f"The log is signed by {new.verifier} from now on; the key is in {file}.")
    click.echo(str(new.verifier))


def _present(store: Store) -> Verifier:
    known = store.verifiers()
    if not known:
        raise Malformed("nobody signs the store: run `sitrep migrate`")
    return known[0]
