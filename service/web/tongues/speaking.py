"""Messages in the language of whoever reads the page (gettext); in English where nobody does."""

import re
from collections.abc import Iterable
from gettext import NullTranslations
from typing import Any

from flask import g, has_request_context
from flask.sansio.app import App
from markupsafe import Markup

from service.web.tongues.catalogues import ENGLISH, Tongue
from service.web.tongues.choosing import chosen
from service.web.tongues.vocabularies import english

FSI, PDI = "\u2068", "\u2069"
"""Between these a text has its own direction, whatever stands around it (UAX #9)."""

_DIRECTING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""With these a text could reach beyond itself."""


def tongue() -> Tongue:
    """The language of this page. An answer for which nobody asked this is in none."""
    try:
        known: Tongue = g.tongue
    except AttributeError:
        g.tongue = known = chosen() if has_request_context() else ENGLISH
    except RuntimeError:  # there is no page, and no application
        return ENGLISH
    return known


def gettext(message: str, /, **values: Any) -> str:
    return tongue().translations.gettext(message) % values


def ngettext(one: str, many: str, number: int, /, **values: Any) -> str:
    told = tongue().translations.ngettext(one, many, number)
    return told % {"num": number, **values}


def pgettext(context: str, message: str, /, **values: Any) -> str:
    return tongue().translations.pgettext(context, message) % values


def later(message: str) -> str:
    """Marks a message that is said elsewhere, by `gettext`."""
    return message


def said(vocabulary: str, word: str) -> str:
    """A word of a vocabulary (service.web.tongues.vocabularies); one that it does not have is
    whatever somebody wrote.
    """
    written = english(vocabulary, word)
    told = tongue()
    if told.is_english:
        return written
    found = told.translations.pgettext(vocabulary, written)
    return isolated(written) if found == written else found


def isolated(text: object) -> str:
    """What somebody wrote, as a part of a text of ours."""
    if tongue().is_english:
        return str(text)
    return f"{FSI}{_DIRECTING.sub('', str(text))}{PDI}"


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return gettext("%(most)s and %(last)s", most=joined(most), last=last) if most else last


def joined(words: Iterable[str]) -> str:
    """`a, b, c`."""
    return pgettext("between the items of a list", ", ").join(words)


def bdi(text: object) -> Markup:
    """What somebody wrote, as a piece of a page: of its own direction."""
    return Markup("<bdi>{}</bdi>").format(text)


def in_english(text: object) -> Markup:
    return Markup('<span lang="en" dir="ltr">{}</span>').format(text)


def speak(app: App) -> None:
    """From now on templates have messages: `{% trans %}`, `_()`."""
    env = app.jinja_env
    env.filters |= {"bdi": bdi, "in_english": in_english}
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_translations(_OfThePage(), newstyle=True)  # type: ignore[attr-defined] # i18n's


class _OfThePage(NullTranslations):
    """Of whichever language a page is in, for the templates of all."""

    def gettext(self, message: str) -> str:
        return tongue().translations.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return tongue().translations.ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        return tongue().translations.pgettext(context, message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return tongue().translations.npgettext(context, msgid1, msgid2, n)
