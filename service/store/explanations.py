"""The answer to why: what holds under a path, on which reports, and which ones fell."""

from typing import Any

from msgspec import Raw, Struct

from service.domain.report import Lost


class Remarked(Struct, frozen=True, kw_only=True):
    """Somebody disputes or endorses a report."""

    type: str
    by: int
    origin: str
    grounds: str | None


class Explained(Struct, frozen=True, kw_only=True):
    """One report, in words and as it was posted, and its fate. `by` is the event that ended it;
    `carries` tells whether what holds now rests on it, `lost` what was retracted beneath it.
    """

    version: int
    root: int
    event_id: str
    update_id: str
    type: str
    says: str
    phrase: str | None
    modality: str | None
    origin: dict[str, Any]
    publisher: dict[str, Any]
    published_at: str
    effective_at: str
    recorded_at: str
    fate: str
    by: int | None
    carries: bool
    lost: tuple[Lost, ...]
    remarks: tuple[Remarked, ...]
    report: dict[str, Any] | Raw | None


class Explanation(Struct, frozen=True, kw_only=True):
    """What holds under a path, the reports that stand behind it, and those that fell: the latest
    recorded first, page by page. `standing` is on the first page only.
    """

    incident: str
    path: str
    version: int
    as_of: str | None
    published_until: str | None
    policy: str
    policy_version: str
    lexicon: str
    left_out: tuple[str, ...]
    holds: Any
    standing: tuple[Explained, ...]
    fallen: tuple[Explained, ...]
    next: str | None
