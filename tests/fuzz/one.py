"""One target under atheris, in a process of its own: `python -m tests.fuzz.one TARGET …`, with the
options of libFuzzer.
"""

import sys
from importlib import import_module

import atheris

INSTRUMENTED = ["service", "schemas"]


def main(name: str, options: list[str]) -> None:
    with atheris.instrument_imports(include=INSTRUMENTED):
        targets = import_module("tests.fuzz.targets").TARGETS
    atheris.Setup([f"fuzz-{name}", *options], targets[name], enable_python_coverage=True)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
