"""Forms as the schemas give them: a field for each key, whatever report types there are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from schemas.envelope import ENVELOPE, AnyOf, OriginSchema, PublisherSchema, ReportSchema, Tag
from schemas.fields import Either, Flag, Number, Several, Whole, Word
from schemas.forms import Time
from schemas.reports import SCHEMAS
from schemas.shape import Shape
from service.domain.wording import label, plain
from service.web.desk.labels import CHOICES, FIELD, HINT, HINTS, KNOWN, LABELS, TYPE, TYPES
from service.web.desk.typed import NO, YES, is_quantity
from service.web.tongues.speaking import gettext, pgettext, said, tongue
from service.web.tongues.vocabularies import vocabulary_of

SOURCE = ("name", "kind", "kind_other", "named", "url", "key")
LONG = 300
"""Characters beyond which a text gets more than one line."""

TAIL = ("phrase", "modality", "origin", "effective_at", "depends_on", "grading", "key")
"""The envelope's keys, in the order in which they are asked for."""


_KINDS: tuple[tuple[type, str], ...] = (
    (Word, "choice"),
    (Flag, "flag"),
    (Whole, "number"),
    (Number, "number"),
    (Time, "moment"),
    (Several, "text"),
    (Either, "text"),
)


class Widget(NamedTuple):
    """One field. `pointer` is its place in the body, and its name in the form."""

    pointer: str
    label: str
    kind: str
    required: bool
    hint: str | None
    most: int | None
    choices: tuple[tuple[str, str], ...]
    known: str | None
    people: bool

    @property
    def id(self) -> str:
        return id_of(self.pointer)

    @property
    def parts(self) -> tuple["Part", ...]:
        return ()


class Section(NamedTuple):
    """Fields that belong together."""

    pointer: str
    label: str
    hint: str | None
    required: bool
    parts: tuple["Part", ...]

    @property
    def id(self) -> str:
        return id_of(self.pointer)


Part = Widget | Section


def id_of(pointer: str) -> str:
    return f"f{pointer.replace('/', '-')}"


def report_parts(type_: str, pointer: str, typed: Mapping[str, str]) -> tuple[list[Part], Section]:
    """What is asked of a report of a type that is known: its own keys, and what every report has.
    `typed` tells what a correction puts in the place of its target.
    """
    schema = SCHEMAS[type_]
    own = [name for name in schema.fields if name not in ENVELOPE]
    parts = list(_parts(schema, own, pointer, typed))
    beside = list(_parts(schema, TAIL, pointer, typed))
    first = [part for part in beside if part.pointer in {f"{pointer}/phrase", f"{pointer}/origin"}]
    rest = tuple(part for part in beside if part not in first)
    title = pgettext("field", "How surely, for when, standing on what")
    more = Section(f"{pointer}/-", title, None, False, rest)
    return [*parts, *first], more


def section_of(field: fields.Field[Any], pointer: str, title: str) -> Section:
    return Section(pointer, title, None, True, _inner(field, pointer, {}))


def widget_of(schema: Shape, name: str) -> Widget:
    """A field of the body itself."""
    return _widget(schema, name, schema.fields[name], "")


def widgets_in(parts: Any) -> Iterator[Widget]:
    for part in parts:
        if isinstance(part, Widget):
            yield part
        else:
            yield from widgets_in(part.parts)


def _parts(schema: Shape, names: Any, pointer: str, typed: Mapping[str, str]) -> Iterator[Part]:
    for name in names:
        field = schema.fields[name]
        at = f"{pointer}/{name}"
        match field:
            case Tag():
                continue
            case fields.Nested():
                inner = _inner(field, at, typed)
                told = label_of(schema, name)
                yield Section(at, told, _hint(schema, name), field.required, inner)
            case AnyOf():
                yield _replacement(field, at, typed)
            case Either() if any(kind is list for kind, _ in field.choices):
                yield _widget(schema, name, field.choices[0][1], pointer)
                (_, said), *_ = [one for one in field.choices if one[0] is dict]
                inner = _inner(said, at, typed)
                title, hint = (
                    pgettext("field", "Or all that one source said"),
                    _said(HINTS["said_since"]),
                )
                yield Section(f"{at}-said", title, hint, False, inner)
            case _:
                yield _widget(schema, name, field, pointer)


def _inner(field: fields.Field[Any], pointer: str, typed: Mapping[str, str]) -> tuple[Part, ...]:
    """The fields of a nested object. Of a source what is not filled in follows from its name."""
    schema = inside(field)
    is_source = isinstance(schema, PublisherSchema | OriginSchema)
    names = [one for one in SOURCE if one in schema.fields] if is_source else schema.fields
    parts = tuple(_parts(schema, names, pointer, typed))
    return tuple(one._replace(required=False) for one in parts) if is_source else parts


def _replacement(field: AnyOf, at: str, typed: Mapping[str, str]) -> Section:
    chosen: ReportSchema | None = field.schemas.get(typed.get(f"{at}/type", ""))
    types = tuple((one, type_label(one)) for one in field.schemas)
    asked = pgettext("field", "Type of report")
    kind = Widget(f"{at}/type", asked, "choice", True, None, None, types, None, False)
    inner = () if chosen is None else tuple(_parts(chosen, chosen.fields, at, typed))
    title = LABELS["replacement"]
    return Section(at, pgettext(FIELD, title), _said(HINTS["replacement"]), True, (kind, *inner))


def _widget(schema: Shape, name: str, field: fields.Field[Any], pointer: str) -> Widget:
    most = _most(field)
    return Widget(
        pointer=f"{pointer}/{name}",
        label=label_of(schema, name),
        kind=_kind(field, most),
        required=field.required,
        hint=_hint(schema, name) or _usual_hint(field),
        most=most,
        choices=_choices(field),
        known=said_of(KNOWN, schema, name),
        people=is_quantity(field) and bool(getattr(field.choices[0][1], "whole", False)),  # type: ignore[attr-defined] # an Either's
    )


def _kind(field: fields.Field[Any], most: int | None) -> str:
    if is_quantity(field):
        return "quantity"
    for kind, name in _KINDS:
        if isinstance(field, kind):
            return name
    return "long" if most is not None and most > LONG else "text"


def _choices(field: fields.Field[Any]) -> tuple[tuple[str, str], ...]:
    if isinstance(field, Flag):
        return ((YES, gettext("Yes")), (NO, gettext("No")))
    known = [one for one in field.validators if isinstance(one, OneOf)]
    return tuple((word, _choice(one.choices, word)) for one in known for word in one.choices)


def _choice(choices: Iterable[str], word: str) -> str:
    """In English as the desk has always called it, elsewhere as the pages call it."""
    vocabulary = vocabulary_of(choices)
    if vocabulary is None or tongue().is_english:
        return CHOICES.get(word) or label(plain(word))
    return label(said(vocabulary, word))


def _most(field: fields.Field[Any]) -> int | None:
    if isinstance(field, Several):
        return None
    return next((one.max for one in field.validators if isinstance(one, Length)), None)


def _usual_hint(field: fields.Field[Any]) -> str | None:
    match field:
        case Time():
            return _said(HINTS["a moment"])
        case Either() if is_quantity(field):
            return _said(HINTS["a quantity"])
        case Several():
            return _said(HINTS["several"])
    return None


def inside(field: fields.Field[Any]) -> Shape:
    """The schema of a nested object."""
    return cast(Shape, cast(fields.Nested, field).schema)


def type_label(type_: str) -> str:
    return pgettext(TYPE, TYPES.get(type_) or label(plain(type_)))


def label_of(schema: Shape, name: str) -> str:
    """What a key is called."""
    return pgettext(FIELD, said_of(LABELS, schema, name) or label(plain(name)))


def _hint(schema: Shape, name: str) -> str | None:
    told = said_of(HINTS, schema, name)
    return None if told is None else _said(told)


def _said(hint: str) -> str:
    return pgettext(HINT, hint)


def said_of(told: Mapping[str, str], schema: Shape, name: str) -> str | None:
    """Of a key of this schema, else of any key that is called so."""
    owner = type(schema).__name__.removesuffix("Schema").lower()
    return told.get(f"{owner}.{name}") or told.get(name)
