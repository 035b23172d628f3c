"""The reference of the HTTP interface, from the OpenAPI document that the service serves."""

import re
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Any

from service.app import create_app
from service.settings import Settings
from service.store.schema import migrate


def interface() -> str:
    document = _document()
    lines = [
        "# HTTP",
        "",
        document["info"]["description"],
        "",
        "The service tells the whole of it, with every schema, as `/openapi.json` and at `/docs`.",
        "",
    ]
    for tag in document["tags"]:
        lines += [f"## {tag['name']}", "", tag["description"], ""]
        for path, operations in document["paths"].items():
            shared = operations.get("parameters", [])
            for method, operation in operations.items():
                if method != "parameters" and tag["name"] in operation["tags"]:
                    lines += _operation(method, path, operation, shared, document)
    return "\n".join(lines)


def _document() -> dict[str, Any]:
    """As an application over an empty store has it."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sitrep.db"
        migrate(url, lanes=1)
        app = create_app(Settings(database_url=url))
        document: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
        app.extensions["sitrep"].close()
    return document


def _operation(
    method: str, path: str, operation: dict[str, Any], shared: list[Any], document: dict[str, Any]
) -> Iterator[str]:
    yield from [f"### {method.upper()} {path}", ""]
    for text in (operation.get("summary"), operation.get("description")):
        if text:
            yield from [_escaped(text), ""]
    parameters = [*shared, *operation.get("parameters", [])]
    if parameters:
        yield from ["| parameter | in | kind | meaning |", "|---|---|---|---|"]
        for one in parameters:
            told = _cell(one.get("description", ""))
            needed = " (required)" if one.get("required") else ""
            yield f"| `{one['name']}`{needed} | {one['in']} | {_kind(one['schema'])} | {told} |"
        yield ""
    answers = []
    for status, given in operation["responses"].items():
        response = given
        if "$ref" in given:
            response = document["components"]["responses"][given["$ref"].rpartition("/")[2]]
        answers.append(f"{status} {_cell(response['description'])}")
    yield from [f"Answers: {'; '.join(answers)}", ""]


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"] if word is not None)
    if schema.get("type") == "array":
        return f"several: {_kind(schema['items'])}"
    kinds = schema.get("type", "text")
    kind = kinds if isinstance(kinds, str) else " or ".join(one for one in kinds if one != "null")
    usual = f", `{schema['default']}` where not said" if "default" in schema else ""
    return f"{schema.get('format', kind)}{usual}"


def _cell(text: str) -> str:
    return " ".join(_escaped(text).split()).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Angle brackets outside code would be taken for HTML."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in parts)
