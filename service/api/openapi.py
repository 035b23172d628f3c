"""The OpenAPI 3.1 document: requests from marshmallow's schemas, answers from msgspec's structs."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import flask_smorest
import msgspec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask
from marshmallow import Schema, fields

from schemas.envelope import ENVELOPE, AnyOf, ReportSchema, tag_of
from schemas.fields import Either
from schemas.geometry import Geometry
from schemas.shape import Shape
from service.api.converters import PATH_SCHEMAS, know_paths
from service.api.geojson import GEOMETRY
from service.api.health import Health
from service.api.problems import PROBLEM, Problem
from service.api.timemap import TimeMap
from service.domain.reports import WIRE_TYPES
from service.domain.situation import Situation
from service.proof.evidence import Proof
from service.store.answers import (
    EventPage,
    FeedPage,
    IncidentPage,
    KeyUsePage,
    Preview,
    Receipt,
    UpdatePage,
)
from service.store.charting import Series
from service.store.comparing import Changes
from service.store.counts import OriginPage, OriginRecord, PublisherPage, PublisherRecord
from service.store.explanations import Explanation
from service.store.proving import Consistency

ANSWERS = (
    *(Situation, Receipt, Preview, IncidentPage, UpdatePage, EventPage, FeedPage, Health, Problem),
    *(Changes, Explanation, Series, TimeMap, KeyUsePage, Proof, Consistency),
    *(PublisherPage, PublisherRecord, OriginPage, OriginRecord),
)
DESCRIPTION = (
    "What is reported about incidents, and what follows from it. "
    "Where the service is set to read privately, every reading needs a key: as a bearer token, "
    "or for browsers as the password of Basic authentication, whatever the user's name."
)
NUMBER = {"type": "number"}
REFERENCE = "#/components/schemas/{name}"

PROBLEMS = {
    400: "The request cannot be read: `errors` names query parameters.",
    401: "No key, or one that is unknown or revoked.",
    403: "The key's role does not allow this.",
    404: "No such incident, update, event, version, publisher or origin.",
    406: "Not offered in any media type that the client accepts.",
    409: "The incident exists already.",
    412: "The incident is at another version: `actual`.",
    413: "The body is too long.",
    415: "The body is not JSON in UTF-8.",
    422: "The body can be read but not be recorded: `errors` points at each fault.",
    429: "More requests than the service allows to one address or one key.",
    500: "A defect of the service.",
    503: "The store does not answer now. A retry is safe.",
}
PROBLEM_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    412: {"ETag": {"description": "The version that it is at.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}},
}


class Converter(OpenAPIConverter):
    """Knows the fields and schemas of our own."""

    def field2property(self, field: fields.Field[Any]) -> dict[str, Any]:
        null: list[dict[str, Any]] = [{"type": "null"}] if field.allow_none else []
        match field:
            case Either():
                return {"anyOf": [*(self.field2property(one) for _, one in field.choices), *null]}
            case AnyOf():
                return self._any_report(field)
            case Geometry():
                return {"anyOf": [{"$ref": REFERENCE.format(name="Geometry")}, *null]}
        described: dict[str, Any] = super().field2property(field)
        return described

    def schema2jsonschema(self, schema: Schema) -> dict[str, Any]:
        described: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call] # apispec's
        if isinstance(schema, ReportSchema):
            described["description"] = WIRE_TYPES[tag_of(schema)].__doc__
            ordered = sorted(described["properties"].items(), key=_type_first_envelope_last)
            described["properties"] = dict(ordered)
        if isinstance(schema, Shape) and (rules := list(_rules(schema))):
            described["allOf"] = rules
        return described

    def _any_report(self, field: AnyOf) -> dict[str, Any]:
        references = {
            tag: self.resolve_nested_schema(schema)["$ref"]  # type: ignore[no-untyped-call] # apispec's
            for tag, schema in field.schemas.items()
        }
        return {
            "oneOf": [{"$ref": reference} for reference in references.values()],
            "discriminator": {"propertyName": "type", "mapping": references},
        }


def _rules(schema: Shape) -> Iterator[dict[str, Any]]:
    """What a shape asks of its keys together."""
    yield from schema.json_rules
    if schema.any_of:
        said = [
            {"required": [key], "properties": {key: {"not": {"type": "null"}}}}
            for key in schema.any_of
        ]
        yield {"anyOf": said}
    for key, (other, word) in schema.companions.items():
        beside = {"properties": {other: {"const": word}}, "required": [other]}
        yield {"anyOf": [beside, {"properties": {key: {"type": "null"}}}]}


def _type_first_envelope_last(named: tuple[str, Any]) -> tuple[bool, bool]:
    return named[0] in ENVELOPE, named[0] != "type"


class Plugin(MarshmallowPlugin):
    Converter = Converter


class Api(flask_smorest.Api):  # type: ignore[misc] # flask-smorest has no types
    """Flask-smorest's, with our own problem documents."""

    DEFAULT_ERROR_RESPONSE_NAME = None


@cache
def document_of(*blueprints: Blueprint) -> dict[str, Any]:
    """What is told of these routes, whatever application serves them. It takes a while to write,
    so an application writes it when it is first read.
    """
    app = Flask("service", static_folder=None)
    know_paths(app)
    api = _empty(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    told: dict[str, Any] = api.spec.to_dict()
    return told


def _empty(app: Flask) -> Api:
    """A document to be filled by registering blueprints."""
    api = Api(
        app,
        spec_kwargs={
            "title": "Sitrep",
            "version": "1",
            "openapi_version": "3.1.0",
            "marshmallow_plugin": Plugin(schema_name_resolver=_name),
            "info": {"description": DESCRIPTION},
        },
    )
    for converter, schema in PATH_SCHEMAS.items():
        api.register_converter(converter, lambda _, schema=schema: schema)
    components = api.spec.components
    components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    components.security_scheme("password", {"type": "http", "scheme": "basic"})
    components.schema("Geometry", GEOMETRY)
    for name, schema in _answers().items():
        components.schema(name, schema)
    for status, told in PROBLEMS.items():
        components.response(f"problem-{status}", _problem(status, told))
    return api


def _name(schema: Schema | type[Schema]) -> str:
    """`PostedCasualties`, `ReplacementCasualties`: never the name of an answer.

    No name for what flask-smorest brings along: it is of no use here.
    """
    kind = schema if isinstance(schema, type) else type(schema)
    if not issubclass(kind, Shape):
        return ""
    use = "Replacement" if isinstance(schema, Schema) and schema.exclude else "Posted"
    return use + kind.__name__.removesuffix("Schema")


def _problem(status: int, told: str) -> dict[str, Any]:
    return {
        "description": told,
        "headers": PROBLEM_HEADERS.get(status, {}),
        "content": {PROBLEM: {"schema": {"$ref": REFERENCE.format(name="Problem")}}},
    }


def _answers() -> dict[str, Any]:
    _, components = msgspec.json.schema_components(ANSWERS, ref_template=REFERENCE)
    return {name: _as_written(schema) for name, schema in components.items()}


def _as_written(schema: Any) -> Any:
    """As the encoder writes it: decimals are numbers, and raw JSON is what stands beside it."""
    if isinstance(schema, list):
        return [_as_written(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        return NUMBER
    written = {key: _as_written(inner) for key, inner in schema.items()}
    if "prefixItems" in written:
        del written["items"]
    if "anyOf" in written:
        others = [one for one in written.pop("anyOf") if one]
        if NUMBER in others:
            others = [one for one in others if one != {"type": "integer"}]
        written |= others[0] if len(others) == 1 else {"anyOf": others}
    return written
