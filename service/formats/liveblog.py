"""A situation and its updates as schema.org's LiveBlogPosting, in JSON-LD.

What the record does not know is left out: who wrote an article, what a publisher is (a company or a
person), when within a window it happened.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from service.domain.moments import Precision, write_instant
from service.domain.overview import Place
from service.domain.situation import Situation
from service.formats import facts
from service.formats.site import Asked, Site
from service.formats.story import Story, acts_on, credit, say_act, source, story
from service.store.answers import encode
from service.store.retelling import Retold, ToldUpdate

MEDIA_TYPE = "application/ld+json"
CONTEXT = "https://schema.org"

Json = dict[str, Any]


def posting(told: Retold, site: Site, asked: Asked = ()) -> bytes:
    """The newest update first. The articles of updates of which no words are left are left out."""
    held = told.situation
    page = site.page(held.incident, asked)
    articles = list(_articles(told.updates, held, site))
    posted: Json = {
        "@context": CONTEXT,
        "@type": "LiveBlogPosting",
        "@id": f"{page}#live",
        "url": page,
        "headline": held.title,
        "description": " ".join(facts.sentences(held)),
        "datePublished": write_instant(told.opened_us),
        "dateModified": held.recorded_at,
        "coverageStartTime": write_instant(told.opened_us),
        "version": held.version,
        "about": _event(held),
        "liveBlogUpdate": articles,
    }
    when = held.overview.occurred
    if when.earliest is not None and when.latest is not None:
        posted["temporalCoverage"] = f"{when.earliest}/{when.latest}"
    return encode(posted)


def inline(posted: bytes) -> str:
    """The same for a `<script type="application/ld+json">`: no text in it can end the element or
    begin a comment. Still JSON, for the escapes are within strings, where alone these stand.
    """
    text = posted.decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _articles(updates: Sequence[ToldUpdate], held: Situation, site: Site) -> Iterable[Json]:
    for update in updates:
        told = story(update, held)
        if told is not None:
            yield _article(update, told, held, site)


def _article(update: ToldUpdate, told: Story, held: Situation, site: Site) -> Json:
    article: Json = {
        "@type": "BlogPosting",
        "@id": f"urn:uuid:{update.events[0].event_id}",
        "url": site.data(held.incident, f"updates/{update.update_id}"),
        "headline": told.headline,
        "articleBody": told.text,
        "datePublished": update.published or write_instant(update.published_us),
        "creditText": credit(update),
    }
    via = source(update)
    if via is not None:
        article["isBasedOn"] = via
    corrections = [
        {"@type": "CorrectionComment", "text": say_act(act)}
        for event in update.events
        for act in acts_on(event, update, held)
    ]
    if corrections:
        article["correction"] = corrections
    return article


def _event(held: Situation) -> Json:
    """What happened. A date only as sharp as it is known: schema.org has no windows."""
    event: Json = {"@type": "Event", "name": held.title, "identifier": held.incident}
    when, place = held.overview.occurred, facts.scene(held)
    span = facts.days(when)
    if span is not None and span.number == 1:
        instant = facts.instant(when) if when.precision == Precision.INSTANT else None
        event["startDate"] = instant or span.first
    if place is not None:
        event["location"] = _place(place)
    return event


def _place(place: Place) -> Json:
    told: Json = {"@type": "Place"}
    if place.name is not None:
        told["name"] = place.name
    if place.country is not None:
        told["address"] = {"@type": "PostalAddress", "addressCountry": place.country}
    at = facts.point(place)
    if at is not None:
        told["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": at.latitude,
            "longitude": at.longitude,
        }
    return told
