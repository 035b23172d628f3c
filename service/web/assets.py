"""The files beside the pages: styles, scripts, maps. An address names one state of a file."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Response, url_for

from service.api.access import the_request
from service.api.representations import IMMUTABLE

FOLDER = Path(__file__).parent / "static"
ENDPOINT = "pages.static"


def asset(name: str) -> str:
    """The address of a file as it is in this release."""
    return url_for(ENDPOINT, filename=name, v=_digest(name))


def keep_assets(response: Response) -> Response:
    """What an address that names the file's present state answers never changes."""
    asked = the_request()
    if asked.endpoint == ENDPOINT and response.status_code == 200:
        name = (asked.view_args or {}).get("filename", "")
        if asked.args.get("v") == _digest(name):
            response.headers["Cache-Control"] = IMMUTABLE
    return response


@cache
def _digest(name: str) -> str:
    return blake2b((FOLDER / name).read_bytes(), digest_size=6).hexdigest()
