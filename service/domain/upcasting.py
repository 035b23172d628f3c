"""Reports as older releases wrote them, brought to the form of this one whenever they are read. The
stored bytes stay as they are: they are what was hashed.
"""

from collections.abc import Callable, Sequence
from typing import Any

Step = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a report's JSON from one version to the next."""

STEPS: tuple[Step, ...] = ()
"""The first one takes reports of version 1 to version 2 (docs/evolution.md)."""

SCHEMA_VERSION = 1 + len(STEPS)
"""The version that this release writes."""


class NewerRelease(ValueError):
    """A report of a version that this release does not know."""


def upcast(report: dict[str, Any], version: int, steps: Sequence[Step] = STEPS) -> dict[str, Any]:
    """The report in this release's form. Raises NewerRelease."""
    if version > 1 + len(steps):
        raise NewerRelease(f"version {version} of a report is of a newer release than this one")
    for step in steps[version - 1 :]:
        report = step(report)
    return report
