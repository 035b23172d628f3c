"""Fields that tell a writer what is wrong. Their `metadata` is JSON Schema, for the document."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from schemas.shape import WORDING

VISIBLE = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x08\x0b-\x1f\x7f]*$"
"""What `Text` takes, for the served document. `Text` itself checks it in linear time."""

Choices = Sequence[tuple[type, fields.Field[Any]]]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class String(fields.String):
    """JSON's string. It has one validator at most."""

    def check(self, text: str) -> None:
        """Raises ValidationError where the text will not do."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be a string")
        self.check(value)
        return value

    def _validate(self, value: Any) -> None:
        for validator in self.validators:
            validator(value)


class Text(String):
    """Text that a person can read: not blank, no control characters but line feed and tab."""

    def __init__(self, most: int = 200, *, required: bool = False) -> None:
        super().__init__(
            required=required,
            validate=Length(max=most, error="must have at most {max} characters"),
            metadata={"minLength": 1, "pattern": VISIBLE},
        )

    def check(self, text: str) -> None:
        if not text.strip():
            raise ValidationError("must not be blank")
        if _CONTROL.search(text):
            raise ValidationError("must hold no control characters but line feed and tab")


class Form(String):
    """A string of one form. `wanted` is what a writer is told of it."""

    form: ClassVar[re.Pattern[str]]
    wanted: ClassVar[str]

    def __init__(self, *, required: bool = False, **more: Any) -> None:
        super().__init__(required=required, metadata={"pattern": self.form.pattern, **more})

    def check(self, text: str) -> None:
        if self.form.fullmatch(text) is None:
            raise ValidationError(self.wanted)


class Word(String):
    """One word of a closed vocabulary."""

    def __init__(self, vocabulary: Iterable[str], *, required: bool = False) -> None:
        words = [str(word) for word in vocabulary]
        known = OneOf(words, error="must be one of: {choices}")
        super().__init__(required=required, validate=known)


class Flag(fields.Boolean):
    """JSON's true or false and nothing that stands for them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Whole(fields.Integer):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int, *, required: bool = False) -> None:
        within = Range(least, most, error="must lie between {min} and {max}")
        super().__init__(required=required, validate=within)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("must be a whole number")
        return value


class Number(fields.Field[Decimal]):
    """A number from `least` to `most`. Never a binary float."""

    def __init__(
        self, least: int, most: int, *, required: bool = False, kind: str = "number"
    ) -> None:
        limits = {"type": kind, "minimum": least, "maximum": most}
        super().__init__(required=required, metadata=limits)
        self.least = least
        self.most = most

    def check(self, number: Decimal) -> None:
        """Raises ValidationError where the number will not do."""
        if not self.least <= number <= self.most:
            raise ValidationError(f"must lie between {self.least} and {self.most}")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
            raise ValidationError("must be a number")
        number = Decimal(value)
        self.check(number)
        return number


class Several(fields.List[Any]):
    """A list of `least` to `most` things. Its length is checked before they are."""

    def __init__(
        self, inner: fields.Field[Any], *, least: int = 0, most: int = 1000, required: bool = False
    ) -> None:
        length = Length(least, most, error="must hold {min} to {max} entries")
        super().__init__(inner, required=required, validate=length)
        self.inner.error_messages.update(WORDING)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        self._validate(value)
        return super()._deserialize(value, *place, **options)


class Either(fields.Field[Any]):
    """One of several fields, chosen by the JSON type of what was posted."""

    def __init__(
        self,
        choices: Choices,
        wanted: str,
        *,
        required: bool = False,
    ) -> None:
        super().__init__(required=required)
        self.choices = choices
        self.wanted = wanted

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        for kind, field in self.choices:
            if isinstance(value, kind):
                return field.deserialize(value)
        raise ValidationError(self.wanted)
