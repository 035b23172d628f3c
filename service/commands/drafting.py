"""`sitrep draft`: what was read elsewhere, as an update for a person to fill in."""

import sys
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import click
import httpx

from service.commands.talk import say
from service.errors import Malformed, Unavailable
from service.formats.drafts import MOST_BYTES, Draft, Read, draft, drafts
from service.store.answers import encode

SECONDS = 20.0
REDIRECTS = 5
UNPACKED = {"Accept-Encoding": "identity"}
"""What is packed can be larger than it looks."""

WEB = ("http://", "https://")


class Fetched(NamedTuple):
    url: str
    body: bytes
    media_type: str


@click.command("draft")
@click.argument("source")
@click.option(
    "--text",
    type=click.File("rb"),
    help="What is written at SOURCE, an address that is not fetched then; `-` is stdin.",
)
def draft_updates(source: str, text: Any) -> None:
    """Print a draft of an update, as JSON on a line, for each entry of SOURCE.

    SOURCE is a file or an address of an Atom or RSS feed or entry, a page, or plain text; `-` is
    stdin. A draft has the text in full, where it was read, and what the entry says of when and by
    whom. A person says of which kind the publisher is (`kind` is null), and reports the figures.
    """
    for told in _drafts(source, text):
        click.echo(encode(told))
    say("Fill in publisher.kind, add what is reported, then: sitrep post INCIDENT FILE")


def _drafts(source: str, text: Any) -> list[Draft]:
    if text is not None:
        if not source.startswith(WEB):
            raise click.UsageError("--text goes with an address")
        try:
            return [draft(Read(url=source, text=_limited(text.read(MOST_BYTES + 1)).decode()))]
        except UnicodeDecodeError as wrong:
            raise Malformed(f"byte {wrong.start} is not UTF-8") from wrong
    if source == "-":
        return drafts(sys.stdin.buffer.read(MOST_BYTES + 1))
    if not source.startswith(WEB):
        with Path(source).open("rb") as file:
            return drafts(file.read(MOST_BYTES + 1))
    fetched = fetch(source)
    told = drafts(fetched.body, url=fetched.url, media_type=fetched.media_type)
    return [_with_capture(told[0], fetched)] if len(told) == 1 else told


def fetch(url: str, *, seconds: float = SECONDS) -> Fetched:
    """What is at an address, within limits of size, time and redirects. Raises Unavailable,
    Malformed for too much.
    """
    ends = time.monotonic() + seconds
    body = bytearray()
    try:
        with (
            httpx.Client(follow_redirects=True, max_redirects=REDIRECTS, timeout=SECONDS) as client,
            client.stream("GET", url, headers=UNPACKED) as answer,
        ):
            answer.raise_for_status()
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise Unavailable(f"{url}: sent packed, though it was asked not to be")
            for piece in answer.iter_bytes():
                body += piece
                if time.monotonic() > ends:
                    raise Unavailable(f"{url}: took longer than {seconds:.0f} s")
                _limited(body)
            return Fetched(str(answer.url), bytes(body), answer.headers.get("Content-Type", ""))
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        raise Unavailable(f"{url}: {str(failed) or type(failed).__name__}") from failed


def _limited(body: bytes | bytearray) -> bytes | bytearray:
    if len(body) > MOST_BYTES:
        raise Malformed(f"more than {MOST_BYTES} bytes")
    return body


def _with_capture(told: Draft, fetched: Fetched) -> Draft:
    """With when it was fetched, and what it was by its hash."""
    capture = {
        "captured_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "sha256": sha256(fetched.body).hexdigest(),
    }
    reports = [
        {**report, **capture} if report["type"] == "evidence" else report
        for report in told["reports"]
    ]
    return {**told, "reports": reports}
