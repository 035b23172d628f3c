"""Stories that come with the project: updates as NDJSON, for a first look and for tests."""

from importlib.resources import files
from importlib.resources.abc import Traversable

TAJI: Traversable = files("service.stories").joinpath("taji.ndjson")
