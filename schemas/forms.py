"""Keys, addresses and times: strings of one form each."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from marshmallow import ValidationError

from schemas.fields import Form, String
from service.domain.moments import read_instant, read_moment, read_span

LONGEST_URL = 2000

TIMESTAMP = {"format": "date-time"}
DATE = {"format": "date"}
MONTH = {"pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$"}


class SourceKey(Form):
    """The key of a publisher, an origin or a response."""

    form = re.compile(r"^[a-z0-9][a-z0-9._-]{0,119}$")
    wanted = (
        "must be a key: a-z, 0-9, '.', '_' and '-', starting with a letter or digit, "
        "at most 120 characters"
    )


class MeasureName(Form):
    form = re.compile(r"^[a-z0-9][a-z0-9._-]{0,79}$")
    wanted = (
        "must be a name such as rockets_fired: a-z, 0-9, '.', '_' and '-', starting with a letter "
        "or digit, at most 80 characters"
    )


class ReportKey(Form):
    """What its siblings call a report."""

    form = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$")
    wanted = (
        "must be a key: letters, digits, '.', '_' and '-', starting with a letter or digit, "
        "at most 120 characters"
    )


class Slug(Form):
    """What an incident is called in addresses."""

    form = re.compile(r"^[a-z0-9-]{3,80}$")
    wanted = "must be 3 to 80 characters of a-z, 0-9 and '-'"


class UpdateId(Form):
    """A UUID of any version, with or without hyphens."""

    form = re.compile(
        r"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$"
    )
    wanted = "must be a UUID"


class Country(Form):
    form = re.compile(r"^[A-Z]{2}$")
    wanted = "must be a country as two upper-case letters (ISO 3166-1 alpha-2)"


class Sha256(Form):
    form = re.compile(r"^[0-9a-fA-F]{64}$")
    wanted = "must be a SHA-256 as 64 hexadecimal digits"


class MediaType(Form):
    form = re.compile(
        r"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
        r"(; ?[A-Za-z0-9_-]{1,40}=[A-Za-z0-9_.+-]{1,80}){0,5}$"
    )
    wanted = "must be a media type such as image/jpeg (RFC 6838)"


class Url(Form):
    """An absolute address that a browser may be sent to."""

    form = re.compile(r'^https?://[^\s/?#<>"\\]+[^\s<>"\\]*$')
    wanted = f"must be an http or https address of at most {LONGEST_URL} characters"

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, maxLength=LONGEST_URL)

    def check(self, text: str) -> None:
        super().check(text)
        if len(text) > LONGEST_URL or not _has_host(text):
            raise ValidationError(self.wanted)


class Time(String):
    """A moment, written in one of the ways that `read` takes. What it objects is told."""

    def __init__(
        self, read: Callable[[str], object], ways: Sequence[dict[str, str]], *, required: bool
    ) -> None:
        described = ways[0] if len(ways) == 1 else {"anyOf": list(ways)}
        super().__init__(required=required, metadata=described)
        self.read = read

    def check(self, text: str) -> None:
        try:
            self.read(text)
        except ValueError as unreadable:
            raise ValidationError(str(unreadable)) from unreadable


def instant(*, required: bool = False) -> Time:
    """RFC 3339 with offset."""
    return Time(read_instant, [TIMESTAMP], required=required)


def moment(*, required: bool = False) -> Time:
    """RFC 3339 with offset, or a date."""
    return Time(read_moment, [TIMESTAMP, DATE], required=required)


def span(*, required: bool = False) -> Time:
    """RFC 3339 with offset, a date, or a month."""
    return Time(read_span, [TIMESTAMP, DATE, MONTH], required=required)


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False
