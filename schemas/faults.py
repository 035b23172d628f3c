"""What marshmallow and msgspec find wrong, as faults with JSON pointers (RFC 6901)."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from marshmallow.exceptions import SCHEMA

from service.errors import Fault

_PLACE = re.compile(r"(?P<detail>.*) - at `\$(?P<path>.*)`", re.DOTALL)
_STEP = re.compile(r"\[(\d+)\]|\.([^.\[]+)")


def faults_in(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Every message of marshmallow's nested dictionary, with the place that it is about."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from faults_in(inner, pointer if key == SCHEMA else step(pointer, key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from faults_in(inner, pointer)
    else:
        yield Fault(pointer, str(messages))


def fault_of(error: msgspec.ValidationError, pointer: str = "") -> Fault:
    """The one fault that msgspec stopped at."""
    found = _PLACE.fullmatch(str(error))
    if found is None:
        return Fault(pointer, str(error))
    for index, key in _STEP.findall(found["path"]):
        pointer = step(pointer, index or key)
    return Fault(pointer, found["detail"])


def step(pointer: str, key: object) -> str:
    """The pointer to what lies under `key`."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
