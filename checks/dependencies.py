"""`python -m checks.dependencies`: whether anything installed here has a known vulnerability.

pip-audit says "no known vulnerabilities" of a package that it could not look up. Here that is
said, and with `--required` it fails too.
"""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import click
import msgspec

SECONDS = 180
SHOWN = 3

AUDIT = ("-m", "pip_audit", "--format=json", "--progress-spinner=off", "--skip-editable")
OURS = "distribution marked as editable"


class Verdict(NamedTuple):
    """`found` are vulnerabilities, `unknown` why packages could not be looked up."""

    looked_up: int
    found: tuple[str, ...]
    unknown: tuple[str, ...]


@click.command()
@click.option("--required", is_flag=True, help="Fail where a package cannot be looked up.")
def main(required: bool) -> None:
    verdict = judged(_audit())
    for line in said(verdict):
        click.echo(line, err=True)
    sys.exit(1 if verdict.found or (required and verdict.unknown) else 0)


def judged(report: Any) -> Verdict:
    """What pip-audit's JSON says; a report that is none of it is a package that was not looked
    up.
    """
    if not isinstance(report, dict):
        return Verdict(0, (), (str(report),))
    told = report["dependencies"]
    return Verdict(
        looked_up=sum("vulns" in one for one in told),
        found=tuple(_found(told)),
        unknown=tuple(
            one["skip_reason"] for one in told if OURS not in one.get("skip_reason", OURS)
        ),
    )


def said(verdict: Verdict) -> Iterator[str]:
    yield from (f"VULNERABLE: {found}" for found in verdict.found)
    if verdict.unknown:
        number = len(verdict.unknown)
        yield f"NOT AUDITED: {number} packages could not be looked up, {verdict.looked_up} were:"
        yield from (f"  {reason}" for reason in verdict.unknown[:SHOWN])
        if number > SHOWN:
            yield f"  and {number - SHOWN} more."
    elif not verdict.found:
        yield f"No known vulnerability in {verdict.looked_up} packages."


def _found(told: list[Any]) -> Iterator[str]:
    for one in told:
        for known in one.get("vulns", ()):
            mended = ", ".join(known["fix_versions"]) or "no release"
            yield f"{one['name']} {one['version']}: {known['id']}, mended in {mended}"


def _audit() -> Any:
    """pip-audit's report, or why there is none."""
    try:
        ran = subprocess.run(
            [sys.executable, *AUDIT], capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"pip-audit did not end within {SECONDS} s"
    try:
        return msgspec.json.decode(ran.stdout)
    except msgspec.DecodeError:
        return ran.stderr.decode(errors="replace").strip()[-500:] or "pip-audit said nothing"


if __name__ == "__main__":
    main()
