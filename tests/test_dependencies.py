"""The audit of dependencies: what it makes of pip-audit's reports."""

from checks.dependencies import judged, said

CLEAN = {"name": "flask", "version": "3.1.3", "vulns": []}
SKIPPED = {"name": "rich", "skip_reason": "Dependency not found on PyPI and could not be audited"}
OURS = {"name": "sitrep", "skip_reason": "distribution marked as editable"}
HOLED = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": []}],
}


def verdict(*dependencies):
    return judged({"dependencies": list(dependencies), "fixes": []})


def test_packages_without_a_known_hole_pass():
    held = verdict(CLEAN, OURS)

    assert (held.looked_up, held.found, held.unknown) == (1, (), ())
    assert list(said(held)) == ["No known vulnerability in 1 packages."]


def test_a_known_hole_is_found_and_named_with_what_mends_it():
    held = verdict(CLEAN, HOLED)

    assert held.found == ("jinja2 2.4.1: PYSEC-2019-217, mended in 2.10.1",)
    assert list(said(held)) == [f"VULNERABLE: {held.found[0]}"]


def test_what_could_not_be_looked_up_is_never_called_clean():
    held = verdict(CLEAN, *[SKIPPED] * 5)

    told = list(said(held))

    assert len(held.unknown) == 5
    assert told[0].startswith("NOT AUDITED: 5 packages")
    assert told[-1] == "  and 2 more."
    assert not any("No known" in line for line in told)


def test_a_report_that_is_none_is_told_as_it_came():
    held = judged("the service cannot be reached")

    assert (held.looked_up, held.unknown) == (0, ("the service cannot be reached",))
