"""Words of quantities, understood while they are typed."""

from flask import Response
from marshmallow import ValidationError

from schemas.fields import Text
from schemas.quantity import headcount, quantity
from service.api.parameters import Query, YesNo, described, read
from service.api.representations import passing
from service.domain.quantity import phrases_near
from service.web.desk import typed
from service.web.desk.room import desk


class QuantityQuery(Query):
    words = described(Text(100, required=True), "What somebody typed.")
    people = described(YesNo(), "Whether people are counted.")


QUANTITY = QuantityQuery()
_PEOPLE, _THINGS = headcount(), quantity()


@desk.get("/quantity")
def understand() -> Response:
    """What a quantity comes to, or why it is none and which words are known that are near."""
    asked = read(QUANTITY)
    field = _PEOPLE if asked.get("people") == "true" else _THINGS
    words = asked["words"]
    try:
        field.deserialize(typed.read(field, words))
    except ValidationError:
        return passing({"understood": None, "near": phrases_near(words)})
    return passing({"understood": typed.understood(words), "near": ()})
