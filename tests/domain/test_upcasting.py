"""What older releases wrote is read in the form of this one, and the bytes stay as they are."""

import pytest

from service.domain.reports import decode_report
from service.domain.upcasting import SCHEMA_VERSION, NewerRelease, upcast


def harm_was_called_effect(report):
    renamed = dict(report)
    renamed["harm"] = renamed.pop("effect")
    return renamed


def killed_was_called_dead(report):
    return {**report, "harm": "killed"} if report["harm"] == "dead" else report


STEPS = (harm_was_called_effect, killed_was_called_dead)


def test_a_report_takes_every_step_since_its_version():
    oldest = {"type": "casualties", "effect": "dead", "quantity": "2"}
    older = {"type": "casualties", "harm": "dead", "quantity": "2"}
    newest = {"type": "casualties", "harm": "killed", "quantity": "2"}

    brought = [upcast(report, n, STEPS) for n, report in enumerate((oldest, older, newest), 1)]

    assert brought == [newest, newest, newest]
    assert oldest == {"type": "casualties", "effect": "dead", "quantity": "2"}


def test_a_report_of_a_newer_release_is_refused_and_not_misread():
    body = b'{"type":"casualties","harm":"killed","quantity":"2"}'

    with pytest.raises(NewerRelease, match=f"version {SCHEMA_VERSION + 1}"):
        decode_report(body, SCHEMA_VERSION + 1)
    assert decode_report(body, SCHEMA_VERSION) == decode_report(body)
