"""What was read elsewhere as a draft of an update: entries of Atom and RSS, pages, plain text.

Nothing is invented. A draft has what the entry says, its text in full and where it was read. Of
which kind its publisher is, and what follows for any figure, is for a person to say: `kind` is
null, and no store takes a draft before somebody filled it in.
"""

import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from marshmallow import ValidationError

from schemas.forms import SourceKey, Url
from service.domain.moments import DAY_US, read_instant, read_moment, write_instant
from service.errors import Malformed
from service.formats.pages import read_page

MOST_BYTES = 5 * 1024 * 1024
LONGEST_HEADLINE = 200
LONGEST_BODY = 50_000
"""Characters that one narrative takes; more goes on in the next."""

PAGE = re.compile(rb"[\s\xef\xbb\xbf]*<(!doctype html|html)", re.IGNORECASE)
MARKUP = re.compile(rb"[\s\xef\xbb\xbf\xff\xfe\x00]*<")
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FEED_ROOTS = {"feed", "entry", "rss", "RDF", "item", "channel"}

Draft = dict[str, Any]


class Read(NamedTuple):
    """What an entry or a page says of itself; None is not said."""

    url: str | None = None
    headline: str | None = None
    text: str | None = None
    published: str | None = None
    publisher: str | None = None


def drafts(data: bytes, *, url: str | None = None, media_type: str = "") -> list[Draft]:
    """A draft for each entry of a feed, or one of a page or a text. `url` is where it was read.

    Raises Malformed for what cannot be read: XML that is broken or declares entities, a text that
    is not UTF-8, too much of it, nothing at all.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(f"more than {MOST_BYTES} bytes")
    told = [draft(read) for read in _reads(data, url, media_type)]
    if not told:
        raise Malformed("there is no entry in it")
    return told


def draft(read: Read) -> Draft:
    """The update that a person goes on from. Raises Malformed where there is neither text nor an
    address.
    """
    url, text = _address(read.url), _text(read.text)
    reports: list[Draft] = []
    headline = _text(read.headline)
    if headline is not None and (len(headline) > LONGEST_HEADLINE or text is None):
        text, headline = "\n\n".join(filter(None, (headline, text))), None
    if text is not None:
        said = {"headline": headline} if headline is not None else {}
        reports += [{"type": "narrative", **said, "body": part} for part in _parts(text)]
    if url is not None:
        reports.append({"type": "evidence", "url": url})
    if not reports:
        raise Malformed("an entry has neither a text nor an address")
    told: Draft = {"publisher": _publisher(read.publisher, url)}
    published = _moment(read.published)
    if published is not None:
        told["published_at"] = published
    return {**told, "reports": reports}


def _reads(data: bytes, url: str | None, media_type: str) -> Iterator[Read]:
    if not MARKUP.match(data):
        yield Read(url=url, text=_decoded(data))
        return
    if "html" in media_type or PAGE.match(data):
        yield _page(_decoded(data), url)
        return
    root = _parsed(data)
    if _name(root) not in _FEED_ROOTS:
        raise Malformed(f"an element <{_name(root)}> is no feed, entry or page")
    title = _said(root, "title") if _name(root) == "feed" else _said(_channel(root), "title")
    entries = [one for one in root.iter() if _name(one) in {"entry", "item"}]
    for entry in entries:
        yield _entry(entry, title if entry is not root else None)


def _parsed(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as bomb:
        raise Malformed("the XML declares a document type or entities: refused") from bomb
    except (ParseError, ValueError, LookupError) as broken:
        raise Malformed(f"the XML cannot be read: {broken}") from broken
    return root


def _entry(entry: Element, feed: str | None) -> Read:
    source = next((child for child in entry if _name(child) == "source"), None)
    text = (
        _words(_child(entry, "content"))
        or _plain(_said(entry, CONTENT))
        or _words(_child(entry, "summary"))
        or _plain(_said(entry, "description"))
    )
    publisher = None if source is None else _said(source, "title") or (source.text or "").strip()
    return Read(
        url=_link(entry),
        headline=_words(_child(entry, "title")),
        text=text,
        published=_said(entry, "published")
        or _said(entry, "pubDate")
        or _said(entry, f"{DUBLIN_CORE}date"),
        publisher=publisher or _said(entry, f"{DUBLIN_CORE}publisher") or feed,
    )


def _link(entry: Element) -> str | None:
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            told = child.get("href") or (child.text or "").strip()
            if told:
                return told
    guid = _child(entry, "guid")
    return None if guid is None or guid.get("isPermaLink") == "false" else guid.text


def _channel(root: Element) -> Element:
    return next((child for child in root if _name(child) == "channel"), root)


def _child(parent: Element, name: str) -> Element | None:
    return next((one for one in parent if name in {one.tag, _name(one)}), None)


def _said(parent: Element, name: str) -> str | None:
    child = _child(parent, name)
    return None if child is None else "".join(child.itertext()).strip() or None


def _words(element: Element | None) -> str | None:
    """The text of an element that may hold HTML, escaped or as XHTML."""
    if element is None:
        return None
    text = "".join(element.itertext())
    kind = element.get("type", "")
    return _plain(text) if "html" in kind and kind != "xhtml" else text.strip() or None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _page(html: str, url: str | None) -> Read:
    page = read_page(html)
    return Read(
        url=_address(page.canonical) or url,
        headline=page.title,
        text=page.text,
        published=page.meta.get("article:published_time"),
        publisher=page.meta.get("og:site_name"),
    )


def _plain(html: str | None) -> str | None:
    return None if html is None else read_page(html).text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Malformed(f"byte {wrong.start} is not UTF-8") from wrong


def _text(text: str | None) -> str | None:
    """In full, but for what no text may hold."""
    if text is None:
        return None
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", ended).strip() or None


def _parts(text: str) -> list[str]:
    """All of it, in as few parts as there can be, none of them blank."""
    parts = [text[at : at + LONGEST_BODY] for at in range(0, len(text), LONGEST_BODY)]
    return [part for part in parts if part.strip()]


def _publisher(name: str | None, url: str | None) -> Draft:
    """By the address, where it says who it is. Of which kind nobody has said."""
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url is not None else ""
    told: Draft = {"key": host if SourceKey.form.fullmatch(host) else None, "kind": None}
    named = _text(name)
    if named is not None and len(named) <= LONGEST_HEADLINE:
        told["name"] = named
    return told if url is None else {**told, "url": url}


def _address(url: str | None) -> str | None:
    """An address that a store would take."""
    told = (url or "").strip()
    try:
        Url().check(told)
    except ValidationError:
        return None
    return told


def _moment(text: str | None) -> str | None:
    """When it was published, in UTC or as a date; None where that is not said without doubt: a time
    without an offset is none.
    """
    told = (text or "").strip()
    try:
        if len(told) == len("2020-03-11"):
            return told if read_moment(told) % DAY_US else None
        return write_instant(read_instant(told))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        return None
    try:
        return write_instant(read_instant(moment.astimezone(UTC).isoformat()))
    except (ValueError, OverflowError):
        return None
