"""Whether an answer is what its media type promises, by programs that are not ours."""

import csv
import json
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import capvalidator
import feedparser
import html5lib
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from geojson_pydantic import FeatureCollection
from lxml import etree
from pyld import jsonld

ATOM = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
SCHEMA = "https://schema.org/"
OEMBED = {"version", "type", "title", "provider_name", "provider_url", "html", "width", "height"}
AS_PUBLISHED = {"type": "@type", "id": "@id", "context": "@context"}


def read_geojson(body: bytes) -> Any:
    """By geojson-pydantic, after RFC 7946."""
    FeatureCollection.model_validate_json(body)
    return json.loads(body)


def read_atom(body: bytes) -> Any:
    """By the grammar of RFC 4287 §4, and by feedparser, which objects to nothing."""
    whole = etree.parse(BytesIO(body), etree.XMLParser(resolve_entities=False, no_network=True))
    ATOM.assertValid(whole)
    read = feedparser.parse(body)
    assert (read.bozo, read.version) == (False, "atom10")
    ids = [entry.id for entry in read.entries]
    assert len(ids) == len(set(ids))
    return read


def read_cap(body: bytes) -> Any:
    """By the World Meteorological Organization's validator, with the schema of OASIS. Elements by
    their names, those that come again as a list.
    """
    checked = capvalidator.check_schema(body)
    assert checked.passed, checked.message
    return _tree(etree.fromstring(body))


def _tree(element: Any) -> Any:
    children: dict[str, list[Any]] = {}
    for child in element:
        children.setdefault(etree.QName(child).localname, []).append(_tree(child))
    if not children:
        return element.text
    return {name: held[0] if len(held) == 1 else held for name, held in children.items()}


def read_cloud_events(body: bytes) -> list[Any]:
    """A batch, by the SDK of the CloudEvents project."""
    told = json.loads(body)
    return [JSONFormat().read(CloudEvent, json.dumps(one)) for one in told]


def read_live_blog(body: bytes | str) -> Any:
    """By a JSON-LD processor; and all that is said, in words of schema.org's for such things."""
    told = json.loads(body)
    models = import_module("msgspec_schemaorg.models")
    for node in _nodes(told):
        known = getattr(models, node["@type"]).__struct_fields__
        words = {AS_PUBLISHED.get(name, name) for name in known}
        assert set(node) <= words, set(node) - words
    (whole,) = jsonld.expand(told, {"documentLoader": _schema_org})
    assert whole["@type"] == [f"{SCHEMA}LiveBlogPosting"]
    return told


def _nodes(told: Any) -> Iterator[Any]:
    if isinstance(told, dict):
        yield told
    for inner in (
        told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    ):
        yield from _nodes(inner)


def _schema_org(url: str, _: Any) -> Any:
    """What schema.org's own context says of words; no test asks the network."""
    assert url.rstrip("/") == SCHEMA.rstrip("/")
    vocabulary = {"@context": {"@vocab": SCHEMA}}
    return {"contextUrl": None, "documentUrl": url, "document": vocabulary}


def read_html(body: bytes) -> Any:
    """By html5lib, which stops at the first error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body.decode())


def read_table(body: bytes) -> list[dict[str, str]]:
    """By Python's csv, strictly; every line ends as RFC 4180 has it, and has as many cells."""
    text = body.decode()
    assert text.endswith("\r\n")
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def read_oembed(told: Any) -> Any:
    """What oEmbed 1.0 §2.3.4 demands of the type `rich`."""
    assert set(told) >= OEMBED
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert int(told["width"]) > 0
    assert int(told["height"]) > 0
    frame = html5lib.parseFragment(told["html"], namespaceHTMLElements=False)
    assert [child.tag for child in frame] == ["iframe"]
    return dict(frame[0].attrib)
