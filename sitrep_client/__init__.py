"""A client of Sitrep: `Client`, and `AsyncClient` with the same methods (docs/client.md)."""

from sitrep_client.answers import (
    Brief,
    Changes,
    Event,
    Explained,
    Explanation,
    FeedPage,
    FigureStep,
    Preview,
    Receipt,
    Series,
    Source,
    Told,
    Update,
)
from sitrep_client.asynchronous import AsyncClient
from sitrep_client.client import Client
from sitrep_client.errors import (
    Denied,
    Fault,
    IncidentExists,
    NotFound,
    Problem,
    Refused,
    SitrepError,
    Unavailable,
    Unreachable,
    VersionConflict,
)
from sitrep_client.figures import Figure
from sitrep_client.patience import NO_PATIENCE, Patience
from sitrep_client.situation import Change, Situation

__all__ = [
    "NO_PATIENCE",
    "AsyncClient",
    "Brief",
    "Change",
    "Changes",
    "Client",
    "Denied",
    "Event",
    "Explained",
    "Explanation",
    "Fault",
    "FeedPage",
    "Figure",
    "FigureStep",
    "IncidentExists",
    "NotFound",
    "Patience",
    "Preview",
    "Problem",
    "Receipt",
    "Refused",
    "Series",
    "SitrepError",
    "Situation",
    "Source",
    "Told",
    "Unavailable",
    "Unreachable",
    "Update",
    "VersionConflict",
]
