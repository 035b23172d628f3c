"""Updates as an Atom feed (RFC 4287), in pages (RFC 5005 §3).

An entry's `id` follows from its first event and stays, wherever the store is served. `published` is
there where the publisher gave a moment; of a day `dc:date` has the day, for Atom has only moments.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element

from service.domain.moments import write_instant
from service.domain.situation import Situation
from service.formats import facts
from service.formats.markup import add, document
from service.formats.markup import root as root_of
from service.formats.site import Asked, Site, written
from service.formats.story import Story, credit, source, story
from service.store.retelling import ToldUpdate

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
FEEDS = UUID("5b0d6c3e-5a0b-5c57-8f0e-0d7b6a1c9e42")
NEVER = "1970-01-01T00:00:00Z"


class Feed(NamedTuple):
    """What a feed says of itself: `name` is what it stays known by, whatever it is served from."""

    name: str
    title: str
    subtitle: str | None
    updated: str
    links: Mapping[str, str]


def of_incident(
    held: Situation,
    updates: Iterable[ToldUpdate],
    site: Site,
    asked: Asked = (),
    *,
    following: str | None = None,
) -> bytes:
    """One incident's updates. `asked` is the question, without which page of it."""
    own = site.data(held.incident, "updates.atom", asked)
    feed = Feed(
        name="&".join([held.incident, *(f"{name}={value}" for name, value in sorted(asked))]),
        title=held.title,
        subtitle=" ".join(facts.sentences(held)),
        updated=held.recorded_at,
        links=_links(own, site.page(held.incident, asked), following),
    )
    entries = ((update, held, story(update, held)) for update in updates)
    return _written(feed, entries, site, of_many=False)


def of_all(
    updates: Iterable[ToldUpdate],
    situations: Mapping[str, Situation],
    site: Site,
    asked: Asked = (),
    *,
    following: str | None = None,
) -> bytes:
    """Updates of all incidents, each beside its incident's situation."""
    own = written(f"{site.root}/v1/updates.atom", asked)
    told = list(updates)
    feed = Feed(
        name="&".join(["*", *(f"{name}={value}" for name, value in sorted(asked))]),
        title="Sitrep: what is reported",
        subtitle=None,
        updated=write_instant(max(one.recorded_us for one in told)) if told else NEVER,
        links=_links(own, f"{site.root}/", following),
    )
    entries = (
        (update, situations[update.incident], story(update, situations[update.incident]))
        for update in told
    )
    return _written(feed, entries, site, of_many=True)


def _links(own: str, page: str, following: str | None) -> dict[str, str]:
    return {"self": own, "alternate": page, **({} if following is None else {"next": following})}


def _written(
    feed: Feed,
    entries: Iterable[tuple[ToldUpdate, Situation, Story | None]],
    site: Site,
    *,
    of_many: bool,
) -> bytes:
    root = root_of("feed", NAMESPACE)
    add(root, "id", f"urn:uuid:{uuid5(FEEDS, feed.name)}")
    add(root, "title", feed.title)
    if feed.subtitle is not None:
        add(root, "subtitle", feed.subtitle)
    add(root, "updated", feed.updated)
    add(root, "generator", "Sitrep")
    add(add(root, "author"), "name", "Sitrep")
    for rel, uri in feed.links.items():
        media_type = {"type": "text/html"} if rel == "alternate" else {"type": MEDIA_TYPE}
        add(root, "link", attributes={"rel": rel, "href": uri, **media_type})
    for update, held, told in entries:
        if told is not None:
            _entry(root, update, held, told, site, of_many=of_many)
    return document(root)


def _entry(
    root: Element, update: ToldUpdate, held: Situation, told: Story, site: Site, *, of_many: bool
) -> None:
    entry = add(root, "entry")
    add(entry, "id", f"urn:uuid:{update.events[0].event_id}")
    title = f"{held.title}: {told.headline}" if of_many else told.headline
    add(entry, "title", title)
    add(entry, "updated", write_instant(update.recorded_us))
    if update.published is None or len(update.published) > facts.DAY:
        add(entry, "published", write_instant(update.published_us))
    else:
        add(entry, f"{{{DUBLIN_CORE}}}date", update.published)
    author = add(entry, "author")
    add(author, "name", credit(update))
    page = site.page(update.incident, (("version", str(update.version)),))
    links = {"alternate": page}
    via = source(update)
    if via is not None:
        add(author, "uri", via)
        links["via"] = via
    for rel, uri in links.items():
        add(entry, "link", attributes={"rel": rel, "href": uri})
    add(entry, "category", attributes={"term": update.incident})
    add(entry, "content", told.text, {"type": "text"})
