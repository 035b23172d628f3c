"""`make fuzz`: every target under atheris, as many at once as there are processors.

`FUZZ_SECONDS` is how long each is tried (60), `FUZZ_TARGETS` which ones (all). What is found goes
to `var/fuzz/TARGET/findings`, where `python -m tests.fuzz TARGET FILE…` tries it again; what is
merely new stays in `var/fuzz/TARGET/corpus`, where the next run goes on from.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import click

from tests.fuzz.corpus import CORPUS, inputs
from tests.fuzz.targets import TARGETS

HERE = Path("var") / "fuzz"
LONGEST_INPUT = 4096
SECONDS_OF_ONE = 10
MEGABYTES = 2048
GRACE = 120

_COVERED = re.compile(r"cov: (\d+)")
_STATISTIC = re.compile(r"stat::(\w+): +(\d+)")
_WRITTEN = re.compile(r"Test unit written to (\S+)")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z_:/+.\-]{2,40}")


class Ended(NamedTuple):
    target: str
    runs: int
    edges: int
    new: int
    findings: tuple[Path, ...]
    said: str

    def __str__(self) -> str:
        return (
            f"{self.target:<18} {self.runs:>12,} {self.edges:>8,} {self.new:>8,} "
            f"{len(self.findings):>9}"
        )


def fuzz(target: str, seconds: int) -> Ended:
    place = HERE / target
    corpus, findings = place / "corpus", place / "findings"
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    words = place / "words"
    words.write_text(dictionary(inputs(target)))
    options = (
        *(f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", "-print_final_stats=1"),
        *(f"-timeout={SECONDS_OF_ONE}", f"-rss_limit_mb={MEGABYTES}", f"-dict={words}"),
        *(f"-artifact_prefix={findings}/", str(corpus), str(CORPUS / target)),
    )
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.one", target, *options],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds + GRACE,
        check=False,
    )
    told = dict(_STATISTIC.findall(ended.stderr))
    found = tuple(map(Path, _WRITTEN.findall(ended.stderr)))
    if ended.returncode and not found:
        raise RuntimeError(f"{target} ended with {ended.returncode}:\n{ended.stderr[-4000:]}")
    return Ended(
        target=target,
        runs=int(told.get("number_of_executed_units", 0)),
        edges=max((int(edges) for edges in _COVERED.findall(ended.stderr)), default=0),
        new=int(told.get("new_units_added", 0)),
        findings=found,
        said=ended.stdout,
    )


def dictionary(files: Iterable[Path]) -> str:
    """The words of the seeds, for libFuzzer to put in and to exchange."""
    words = {word for file in files for word in _WORD.findall(file.read_bytes())}
    return "# words\n" + "".join(f'"{word.decode()}"\n' for word in sorted(words))


def replay(target: str, files: Iterable[str]) -> None:
    """Raises what the target raises."""
    for file in files:
        TARGETS[target](Path(file).read_bytes())
        click.echo(f"{file}: holds")


def main() -> int:
    seconds = int(os.environ.get("FUZZ_SECONDS", "60"))
    targets = os.environ.get("FUZZ_TARGETS", " ".join(TARGETS)).split()
    at_once = os.cpu_count() or 1
    rounds = -(-len(targets) // at_once)
    click.echo(
        f"{len(targets)} targets, {seconds} s each, {at_once} at once: {rounds * seconds} s."
    )
    click.echo(f"{'target':<18} {'runs':>12} {'edges':>8} {'new':>8} {'findings':>9}")
    all_ended = []
    with ThreadPoolExecutor(at_once) as crew:
        for ended in crew.map(lambda target: fuzz(target, seconds), targets):
            click.echo(str(ended))
            all_ended.append(ended)
    for ended in all_ended:
        if ended.findings:
            click.echo(
                f"\n{ended.target}: {', '.join(map(str, ended.findings))}\n{ended.said[-4000:]}"
            )
    return 1 if any(ended.findings for ended in all_ended) else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        replay(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(main())
