"""Quantities in numbers or words (DOMAIN.md §4). People are whole, other things need not be."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from schemas.fields import Either, Number, Text
from schemas.shape import Shape
from service.domain.quantity import MOST, Quantity, checked, is_whole, read_words

WHOLE = "people are counted in whole numbers"


class Count(Number):
    """One number of a quantity, under its own name."""

    def __init__(self, *, whole: bool = False, required: bool = False) -> None:
        kind = "integer" if whole else "number"
        super().__init__(0, int(MOST), required=required, kind=kind)
        self.whole = whole

    def check(self, number: Decimal) -> None:
        try:
            checked(Quantity(**{"low": Decimal(0), str(self.name): number}))
        except ValueError as impossible:
            raise ValidationError(str(impossible)) from impossible
        if self.whole and number != number.to_integral_value():
            raise ValidationError(WHOLE)


class Words(Text):
    """A phrase of the lexicon."""

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__(100)
        self.whole = whole
        self.metadata = {**self.metadata, "examples": ["at least 2", "3 to 5", "several", "none"]}

    def check(self, text: str) -> None:
        super().check(text)
        self._validate(text)
        try:
            quantity = read_words(text)
        except ValueError as unknown:
            raise ValidationError(str(unknown)) from unknown
        if self.whole and not is_whole(quantity):
            raise ValidationError(WHOLE)


class QuantitySchema(Shape):
    low = Count(required=True)
    high = Count()
    best = Count()

    def contradictions(self, loaded: dict[str, Any]) -> Iterator[tuple[str, str]]:
        quantity = Quantity(**loaded)
        try:
            checked(quantity)
        except ValueError as impossible:
            crossed = quantity.high is not None and quantity.low > quantity.high
            yield "low" if crossed else "best", str(impossible)


class HeadcountSchema(QuantitySchema):
    low = Count(whole=True, required=True)
    high = Count(whole=True)
    best = Count(whole=True)


def quantity(*, required: bool = False) -> Either:
    """Of things: decimals are allowed."""
    return _either(Words(), QuantitySchema, required=required)


def headcount(*, required: bool = False) -> Either:
    """Of people."""
    return _either(Words(whole=True), HeadcountSchema, required=required)


def _either(words: Words, numbers: type[Shape], *, required: bool) -> Either:
    wanted = "must be words such as 'at least 2' or an object such as {\"low\": 2}"
    return Either([(str, words), (dict, fields.Nested(numbers))], wanted, required=required)
