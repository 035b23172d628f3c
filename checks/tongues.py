"""The messages of the pages, found where they are said, and brought into each catalogue:
`make tongues`. What a catalogue has said already stays; what is new in it waits, empty, to be said.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from schemas.reports import SCHEMAS
from schemas.update import INCIDENT, UPDATE
from service.domain.wording import STATUS
from service.web.desk import labels, widgets
from service.web.tongues.catalogues import FOLDER, SCRIPT
from service.web.tongues.vocabularies import VOCABULARIES, english

PAGES = FOLDER.parent
METHODS = [
    ("static/vendor/**", "ignore"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("templates/**.svg", "jinja2.ext:babel_extract"),
    ("static/*.js", "javascript"),
    ("**.py", "python"),
]
JINJA = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
OPTIONS = {"templates/**.html": JINJA, "templates/**.svg": JINJA}
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "later": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "say": None,
    "count": (1, 2),
}
"""The last two are those of scripts."""

Found = tuple[str | tuple[str, ...], str | None, str]
"""What is said, in which context, and where."""


@cache
def messages() -> Catalog:
    """All of them, as a catalogue without a language."""
    found = Catalog(project="Sitrep", fuzzy=False)
    for told, context, where in (*_written(), *_vocabularies(), *_fields()):
        found.add(told, context=context, locations=[(where, 0)])
    return found


def bring_up_to_date(path: Path) -> int:
    """Writes the catalogue anew under the head that it has. Gives how many messages it does not say
    yet.
    """
    head, _, _ = path.read_bytes().partition(b"\n\n")
    kept = read(path)
    kept.update(messages(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    told = BytesIO()
    write_po(told, kept, width=100, omit_header=True, sort_output=True, include_lineno=False)
    path.write_bytes(head + b"\n\n" + told.getvalue().strip() + b"\n")
    return sum(not is_said(message) for message in kept if message.id)


def read(path: Path) -> Catalog:
    with path.open("rb") as written:
        return read_po(written, locale=path.stem, abort_invalid=True)


def is_said(message: Message) -> bool:
    """In every plural form, where it has some."""
    told = message.string or ""
    return bool(told) and all(told if isinstance(told, tuple | list) else [told])


def _written() -> Iterator[Found]:
    found = extract_from_dir(PAGES, METHODS, OPTIONS, keywords=KEYWORDS)
    for name, _, told, _, context in found:
        where = "scripts" if name.endswith(".js") else name
        yield told, SCRIPT if name.endswith(".js") else context, where
    for told in STATUS.values():
        yield told, None, "domain"


def _vocabularies() -> Iterator[Found]:
    for name, words in VOCABULARIES.items():
        for word in words:
            yield english(name, word), name, "vocabularies"


def _fields() -> Iterator[Found]:
    """What the desk's form asks for, whatever report types there are."""
    for type_ in SCHEMAS:
        yield widgets.type_label(type_), labels.TYPE, "desk"
        for within in SCHEMAS if type_ == "correction" else [""]:
            typed = {"/reports/0/replacement/type": within}
            own, rest = widgets.report_parts(type_, "/reports/0", typed)
            yield from _said([*own, *rest.parts])
    opening = [widgets.widget_of(INCIDENT, name) for name in ("title", "kind", "kind_other")]
    told = [widgets.widget_of(UPDATE, name) for name in ("published_at", "summary")]
    source = widgets.section_of(UPDATE.fields["publisher"], "/publisher", "")
    yield from _said([*opening, widgets.widget_of(INCIDENT, "incident"), *told, *source.parts])


def _said(parts: Iterable[widgets.Part]) -> Iterator[Found]:
    for one in parts:
        yield one.label, labels.FIELD, "desk"
        if one.hint is not None:
            yield one.hint, labels.HINT, "desk"
        yield from _said(one.parts)


def main() -> None:
    for path in sorted(FOLDER.glob("*.po")):
        click.echo(f"{path.name}: {bring_up_to_date(path)} messages are not said yet")


if __name__ == "__main__":
    main()
