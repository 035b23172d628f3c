"""`sitrep serve`: the API, over a store that is ready."""

import click

from service.commands.server import free_address, serve_until_stopped
from service.commands.stores import read_settings, refuse_unready


@click.command()
@click.option("--host", help="The address to listen on; else SITREP_HOST.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port, 0 for any; else SITREP_PORT."
)
def serve(host: str | None, port: int | None) -> None:
    """Serve the API until SIGTERM or SIGINT. The store must be migrated."""
    settings = read_settings()
    address = free_address(host or settings.host, settings.port if port is None else port)
    refuse_unready()
    serve_until_stopped(*address, settings)
