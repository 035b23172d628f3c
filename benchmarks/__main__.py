"""`python -m benchmarks`: the project against its yardsticks, in one run (ARCHITECTURE.md §6)."""

import argparse
import os
import time

from rich.console import Console

from benchmarks.cases import CASES
from benchmarks.effort import FULL, QUICK
from benchmarks.grounds import ENGINES, grounds
from benchmarks.lines import Line
from benchmarks.rehearsal import rehearse
from benchmarks.table import show


def main() -> None:
    asked = _arguments()
    engines = ENGINES if asked.engine == "both" else (asked.engine,)
    talk = Console(stderr=True)
    load, begun = os.getloadavg()[0], time.monotonic()
    lines: list[Line] = []
    with grounds(engines) as found, talk.status("starting") as status:
        for ground in found:
            effort = ground.bearable(QUICK if asked.quick else FULL)
            rehearsal = rehearse(effort, ground.engine)
            for number in asked.case:
                status.update(f"case {number} on {ground.engine}")
                lines += CASES[number](ground, rehearsal)
    lines.sort(key=lambda line: line.case)
    show(lines, found, load=load, took_s=time.monotonic() - begun)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument(
        "--case", type=int, nargs="+", choices=sorted(CASES), default=sorted(CASES), metavar="N"
    )
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
