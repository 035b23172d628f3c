"""A figure step by step: what a chart needs."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from flask import Response
from flask_smorest import Blueprint

from schemas.fields import Form, Text
from service.api.access import store
from service.api.describing import reads
from service.api.parameters import (
    LONGEST_CURSOR,
    MOST,
    NEXT,
    Choice,
    Instant,
    Numeral,
    SituationQuery,
    described,
    moment_us,
    page_size,
    question,
    read,
)
from service.api.representations import IMMUTABLE, NO_CACHE, page
from service.domain.casualties import Harm
from service.store.axes import Axis
from service.store.charting import Series, Wanted

USUAL = 200

series = Blueprint(
    "series", __name__, url_prefix="/v1/incidents/<slug:incident>", description="Figures over time"
)


class FigureName(Form):
    """The path of a figure. (Whether its group can be read is told by whoever reads it.)"""

    form = re.compile(
        rf"^(casualties\.({'|'.join(Harm)})(\.by_group\[[^\[\]\n]{{1,1000}}\])?"
        r"|overview\.measures\.[^\n]{1,2000})$"
    )
    wanted = "must be the path of a figure, such as casualties.killed or overview.measures.rockets"


class SeriesQuery(SituationQuery):
    figure = described(FigureName(required=True), "What is followed, such as `casualties.killed`.")
    axis = described(
        Choice(Axis, Axis.RECORDED),
        "Step by step as we learned it, as the world published it, or as it was in the world.",
    )
    to = described(Instant(), "The last moment on the axis.")
    limit = described(Numeral(1, MOST, default=USUAL), "Points of the axis on a page, at the most.")
    cursor = described(Text(LONGEST_CURSOR), NEXT)

    class Meta(SituationQuery.Meta):
        include: ClassVar = {
            "from": described(
                Instant(), "A moment on the axis: the state there, then what changed after it."
            )
        }

    def contradictions(self, loaded: dict[str, Any]) -> Iterator[tuple[str, str]]:
        start, end = moment_us(loaded, "from"), moment_us(loaded, "to")
        if start is not None and end is not None and end < start:
            yield "to", "lies before `from`"


SERIES = SeriesQuery()


@series.get("/series")
@reads(Series, query=SeriesQuery, paged=True, problems=[404])
def get_series(incident: str) -> Response:
    """A figure step by step along one axis, reconciled and per origin.

    Every page, and every answer that has a `from`, begins with the state at its start, so that it
    can be drawn alone. A `limit` may give fewer steps: it counts points where something was said,
    and a step is where the figure changes.
    """
    asked = read(SERIES)
    wanted = Wanted(
        figure=asked["figure"],
        axis=Axis(asked.get("axis", Axis.RECORDED)),
        from_us=moment_us(asked, "from"),
        to_us=moment_us(asked, "to"),
        cursor=asked.get("cursor"),
        limit=page_size(asked, USUAL),
    )
    told, immutable = store().series(incident, wanted, question(asked))
    caching = IMMUTABLE if immutable else NO_CACHE
    return page(told, following={"cursor": told.next}, caching=caching)
