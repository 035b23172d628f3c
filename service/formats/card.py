"""A card about an incident, for a frame in somebody else's page: no script, one small style."""

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from service.domain.situation import Situation
from service.domain.wording import STATUS, plain, say_figure, say_harm
from service.formats import facts
from service.formats.markup import clean
from service.formats.site import Asked, Site

MEDIA_TYPE = "text/html; charset=utf-8"
STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:.8rem 1rem;font:1rem/1.4 system-ui,sans-serif}"
    "h1{margin:0;font-size:1.1rem}h1 a{color:inherit}"
    "dl{margin:.5rem 0;display:grid;grid-template-columns:auto 1fr;gap:0 .8rem}"
    "dt,footer{opacity:.8}dd{margin:0;font-weight:600}dd small{font-weight:400}"
    "footer{font-size:.8rem}"
)
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""The card's Content-Security-Policy: the style below and nothing else, in whose frame ever."""

_PAGE = Markup(
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><style>{style}</style></head><body>"
    '<main><h1><a href="{page}" target="_blank" rel="noopener">{title}</a></h1>'
    "<dl>{lines}</dl><footer>{footer}</footer></main></body></html>"
)
_LINE = Markup("<dt>{}</dt><dd>{}{}</dd>")
_SMALL = Markup(" <small>{}</small>")


def card(held: Situation, site: Site, asked: Asked = ()) -> bytes:
    lines = [("Status", plain(held.status), "")]
    when, place = facts.days(held.overview.occurred), facts.scene(held)
    if when is not None:
        lines.append(("When", _days(when), "UTC"))
    if place is not None:
        lines.append(("Where", ", ".join(filter(None, (place.name, place.country))), ""))
    lines += [
        (say_harm(harm), say_figure(toll), STATUS[toll.status])
        for harm, toll in facts.tolls(held).items()
    ]
    lines.append(("Responsibility", plain(held.attribution.responsibility), ""))
    page: str = _PAGE.format(
        title=held.title,
        style=Markup(STYLE),  # noqa: S704 - a constant
        page=site.page(held.incident, asked),
        lines=Markup().join(
            _LINE.format(name, said, _SMALL.format(more) if more else "")
            for name, said, more in lines
            if said
        ),
        footer=" ".join(_footer(held)),
    )
    return clean(page).encode()


def _days(when: facts.Days) -> str:
    return when.first if when.number == 1 else f"{when.first} to {when.last}"


def _footer(held: Situation) -> list[str]:
    told = [f"Sitrep, version {held.version}, recorded {held.recorded_at[:19]}Z."]
    if held.as_of is not None:
        told.append(f"As recorded by {held.as_of}.")
    if held.published_until is not None:
        told.append(f"As published by {held.published_until}.")
    if held.left_out:
        told.append(f"Left out: {', '.join(held.left_out)}.")
    return told
