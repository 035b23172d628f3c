"""A JSON object with known keys: what every schema here is."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.exceptions import SCHEMA

ITSELF = SCHEMA
"""The key under which a rule speaks of the object as a whole."""

WORDING = {"required": "missing", "null": "must not be null"}

LONGEST_GUESS = 40
MOST_GUESSES = 5


class Shape(Schema):
    """An object whose keys are all known.

    A null under an optional key means *not said*, as a missing key does (DOMAIN.md §3). Of `any_of`
    at least one key must say something. `goes_with` names for a key the word that another key must
    have beside it; `<key>_other` goes only with `<key>`: `other`. `json_rules` tells in JSON Schema
    what `omissions` adds in code.
    """

    any_of: ClassVar[tuple[str, ...]] = ()
    goes_with: ClassVar[Mapping[str, tuple[str, str]]] = {}
    json_rules: ClassVar[tuple[dict[str, Any], ...]] = ()
    noun: ClassVar[str] = "key"

    class Meta(Schema.Meta):
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.required = [name for name, field in self.fields.items() if field.required]
        self.companions = {
            **{key: said for key, said in self.goes_with.items() if key in self.fields},
            **{
                name: (name.removesuffix("_other"), "other")
                for name in self.fields
                if name.endswith("_other")
            },
        }

    def on_bind_field(self, _: str, field_obj: fields.Field[Any]) -> None:
        field_obj.allow_none = not field_obj.required
        field_obj.error_messages.update(WORDING)

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Keys that lack another one: (key, detail). `posted` may hold any JSON."""
        for key in self.required:
            if key not in posted:
                yield key, WORDING["required"]
        for key, (other, word) in self.companions.items():
            if posted.get(key) is not None and posted.get(other) != word:
                yield key, f'goes only with "{other}": "{word}"'
        if self.any_of and all(posted.get(key) is None for key in self.any_of):
            yield ITSELF, f"needs at least one of {', '.join(self.any_of)}"

    def contradictions(self, _: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong between values of which each is right: (key, detail)."""
        yield from ()

    def load(self, data: Any, **_: Any) -> Any:
        """As marshmallow's. Raises ValidationError with every fault at once."""
        if not isinstance(data, dict):
            raise ValidationError("must be an object")
        loaded, messages = self._load(data)
        for key, detail in self.omissions(data):
            messages.setdefault(key, [detail])
        if not messages:
            messages.update((key, [detail]) for key, detail in self.contradictions(loaded))
        if messages:
            raise ValidationError(messages)
        return loaded

    def _load(self, data: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """`partial` spares a call for every key that is not there; most are not."""
        try:
            return super().load(data, partial=True), {}
        except ValidationError as wrong:
            told = wrong.messages_dict
            known = [key for key in [*self.load_fields, ITSELF] if key in told]
            return None, {key: told[key] for key in known} | self._unknown(data)

    def _unknown(self, data: dict[str, Any]) -> dict[str, list[str]]:
        known = list(self.load_fields)
        return {
            key: [f"unknown {self.noun}{_guess(key, known) if place < MOST_GUESSES else ''}"]
            for place, key in enumerate(sorted(data.keys() - known))
        }


def _guess(key: str, known: list[str]) -> str:
    guesses = get_close_matches(key, known, n=1) if len(key) <= LONGEST_GUESS else []
    return f'; did you mean "{guesses[0]}"?' if guesses else ""
