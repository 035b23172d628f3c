"""What a writer hands to the store: an update, or an incident with its first reports."""

from msgspec import Struct

from service.domain.lifecycle import IncidentKind
from service.domain.report import Publisher, Report


class NewReport(Struct, frozen=True, kw_only=True):
    """A report that passed the door: its JSON as posted (compact, keys in their order), and its
    meaning.
    """

    body: bytes
    report: Report


class NewUpdate(Struct, frozen=True, kw_only=True):
    """One publisher, one moment, one or more reports.

    `published_at` is as posted (timestamp or date; None means now). `digest` is SHA-256 over the
    posted JSON with sorted keys and without `update_id`, so that a retry is known by its content.
    """

    update_id: str
    digest: bytes
    publisher: Publisher
    published_at: str | None
    summary: str | None
    reports: tuple[NewReport, ...]


class NewIncident(Struct, frozen=True, kw_only=True):
    """`incident` None asks the store to make a slug from date and title."""

    incident: str | None
    title: str
    kind: IncidentKind
    kind_other: str | None
    update: NewUpdate


class Writer(Struct, frozen=True, kw_only=True):
    """Who appends: the name of a key, and what its role allows."""

    name: str
    role: str
