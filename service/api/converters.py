"""What may stand in a path. Anything else is no path of ours: 404."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, UUIDConverter, ValidationError

from schemas.envelope import GREATEST_VERSION
from service.store.growing import TILE
from service.store.proving import TilePlace


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


class LaneConverter(BaseConverter):
    regex = "0|[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        return int(value)


class TileConverter(BaseConverter):
    """A place among the tiles, as c2sp.org/tlog-tiles writes it: `0/x001/067`, `1/000.p/7`,
    `entries/000`.
    """

    part_isolating = False
    regex = r"(?:entries|[0-9]{1,2})/(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"

    def to_url(self, value: TilePlace) -> str:
        level = "entries" if value.level is None else str(value.level)
        *thousands, last = (f"{int(part):03}" for part in f"{value.number:,}".split(","))
        number = "/".join([*(f"x{part}" for part in thousands), last])
        return f"{level}/{number}" + ("" if value.width == TILE else f".p/{value.width}")

    def to_python(self, value: str) -> TilePlace:
        level, _, rest = value.partition("/")
        number, _, width = rest.partition(".p/")
        thousands = number.replace("x", "").split("/")
        if (thousands[0] == "000" and len(thousands) > 1) or int(width or 1) >= TILE:
            raise ValidationError
        return TilePlace(
            level=None if level == "entries" else int(level),
            number=int("".join(thousands)),
            width=int(width or TILE),
        )


PATH_SCHEMAS: dict[type[BaseConverter], dict[str, Any]] = {
    SlugConverter: {"type": "string", "pattern": f"^{SlugConverter.regex}$"},
    SourceConverter: {"type": "string", "pattern": f"^{SourceConverter.regex}$"},
    VersionConverter: {"type": "integer", "minimum": 1, "maximum": GREATEST_VERSION},
    LaneConverter: {"type": "integer", "minimum": 0, "maximum": 9999},
    TileConverter: {"type": "string", "pattern": f"^{TileConverter.regex}$"},
    UUIDConverter: {"type": "string", "format": "uuid"},
}


def know_paths(app: Flask) -> None:
    app.url_map.converters["slug"] = SlugConverter
    app.url_map.converters["source"] = SourceConverter
    app.url_map.converters["version"] = VersionConverter
    app.url_map.converters["lane"] = LaneConverter
    app.url_map.converters["tile"] = TileConverter
    app.url_map.merge_slashes = False
