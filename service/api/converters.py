"""What may stand in a path. Anything else is no path of ours: 404."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, UUIDConverter, ValidationError

from schemas.envelope import GREATEST_VERSION


class SlugConverter(BaseConverter):
    regex = "[a-z0-9-]{3,80}"


class SourceConverter(BaseConverter):
    """The key of a publisher or an origin."""

    regex = "[a-z0-9][a-z0-9._-]{0,119}"


class VersionConverter(BaseConverter):
    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        version = int(value)
        if version > GREATEST_VERSION:
            raise ValidationError
        return version


PATH_SCHEMAS: dict[type[BaseConverter], dict[str, Any]] = {
    SlugConverter: {"type": "string", "pattern": f"^{SlugConverter.regex}$"},
    SourceConverter: {"type": "string", "pattern": f"^{SourceConverter.regex}$"},
    VersionConverter: {"type": "integer", "minimum": 1, "maximum": GREATEST_VERSION},
    UUIDConverter: {"type": "string", "format": "uuid"},
}


def know_paths(app: Flask) -> None:
    app.url_map.converters["slug"] = SlugConverter
    app.url_map.converters["source"] = SourceConverter
    app.url_map.converters["version"] = VersionConverter
    app.url_map.merge_slashes = False
