"""The languages that pages speak: English, and one for each catalogue beside this module."""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
SCRIPT = "script"
"""The context of the messages that scripts say."""

SAMPLES = range(200)
"""Numbers among which every plural form of every language has one."""

Plurals = Mapping[str, str]
"""The forms of one message by CLDR's names of plural forms, as `Intl.PluralRules` gives them."""


class Tongue(NamedTuple):
    """One language. `name` is what it calls itself, `texts` what scripts say, by the English."""

    locale: Locale
    translations: NullTranslations
    texts: Mapping[str, str | Plurals]

    @property
    def code(self) -> str:
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        return self.locale.text_direction

    @property
    def name(self) -> str:
        return str(self.locale.get_display_name(self.locale))

    @property
    def is_english(self) -> bool:
        return self.locale.language == "en"


ENGLISH = Tongue(Locale("en"), NullTranslations(), {})
"""What the messages are written in."""


@cache
def tongues() -> dict[str, Tongue]:
    """By code, English first."""
    others = [spoken(_read(path)) for path in sorted(FOLDER.glob("*.po"))]
    return {one.code: one for one in (ENGLISH, *others)}


def spoken(catalogue: Catalog) -> Tongue:
    """The language of a catalogue. Raises ValueError where that does not say which."""
    if catalogue.locale is None:
        raise ValueError("the catalogue does not name its language")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    return Tongue(catalogue.locale, translations, _texts(catalogue, translations))


def _read(path: Path) -> Catalog:
    with path.open("rb") as written:
        return read_po(written, locale=path.stem, abort_invalid=True)


def _texts(catalogue: Catalog, told: GNUTranslations) -> dict[str, str | Plurals]:
    """Those with a number under their English for many."""
    rule = catalogue.locale.plural_form if catalogue.locale else str
    said: dict[str, str | Plurals] = {}
    for message in catalogue:
        if message.context == SCRIPT and message.pluralizable:
            one, many = map(str, message.id)
            said[many] = {rule(n): told.npgettext(SCRIPT, one, many, n) for n in SAMPLES}
        elif message.context == SCRIPT:
            said[str(message.id)] = told.pgettext(SCRIPT, str(message.id))
    return said
