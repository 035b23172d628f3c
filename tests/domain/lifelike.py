"""Random histories that a newsroom could have lived through, for properties."""

from typing import Any

from hypothesis import strategies as st

from tests.histories import correction, counted, origin, outcome, retraction, says, settled, told

Json = dict[str, Any]

US = {"nationality": "US"}
GB = {"nationality": "GB"}
GROUPS = (
    {},
    {},
    US,
    GB,
    {"role": "military"},
    {**US, "role": "military"},
    {**US, "role": "contractor"},
)
HARMS = ("killed", "killed", "injured", "missing", "unspecified")
NAMED = ("afp", "army", "fox", "ministry")
OFFICIALS = (origin("officials", named=False), origin("aides", named=False))
PATHS = ("casualties.killed", "casualties.injured", "casualties.killed.by_group[nationality=US]")
HOURS = st.integers(12, 22)

amounts = st.one_of(
    st.integers(0, 6),
    st.sampled_from(["at least 2", "several", "up to 4", "2 to 5", "about 12", "unknown", "3"]),
    st.just({"low": 1, "high": 6, "best": 4}),
)
groups = st.sampled_from(GROUPS)
moods = st.sampled_from(["reportedly", "denied", "conditional", "planned"])


@st.composite
def counts(draw: st.DrawFn, exact: bool = False) -> Json:
    """A count of one harm, of everyone or of a group."""
    group = draw(groups)
    more: Json = {"group": group} if group else {}
    scope = draw(st.sampled_from([None, None, None, None, "additional", "part"]))
    if scope is not None and not exact:
        more["scope"] = scope
    if draw(st.integers(0, 4)) == 0:
        more["effective_at"] = f"2020-03-11T{draw(HOURS)}:30:00Z"
    if draw(st.integers(0, 4)) == 0:
        more["grading"] = {"reliability": draw(st.sampled_from("ABCDEF"))}
    if draw(st.integers(0, 5)) == 0:
        more["origin"] = draw(st.sampled_from(OFFICIALS))
    if not exact and draw(st.integers(0, 5)) == 0:
        more["modality"] = draw(moods)
    amount = draw(st.integers(0, 9) if exact else amounts)
    return counted(draw(st.sampled_from(HARMS)), amount, **more)


@st.composite
def outcomes(draw: st.DrawFn) -> Json:
    group = draw(groups)
    before, after = draw(
        st.sampled_from([("injured", "killed"), ("missing", "killed"), ("unspecified", "injured")])
    )
    quantity = draw(st.sampled_from([1, 2, "1 to 2", "several"]))
    more: Json = {"group": group} if group else {}
    if draw(st.integers(0, 5)) == 0:
        more["modality"] = draw(moods)
    return outcome(before, after, quantity, **more)


@st.composite
def statements(draw: st.DrawFn) -> Json:
    """Somebody's word about who did it, or about when and where."""
    return draw(
        st.sampled_from(
            [
                says("accusation", "Militia"),
                says("accusation", "Militia", modality="denied"),
                says("claim", "Militia", speaker="Militia", modality="conditional"),
                says("claim", "Militia", speaker="Militia"),
                says("denial", "Militia", speaker="Militia"),
                says("withdrawal", "Militia", speaker="Militia"),
                says("no_claim"),
                {"type": "time", "occurred": {"earliest": "2020-03-11"}},
                {"type": "time", "occurred": {"earliest": "2020-03-11T16:30:00Z"}},
                {"type": "location", "role": "target", "name": "Camp Taji", "country": "IQ"},
                {
                    "type": "response",
                    "response": "strikes",
                    "execution": "carried_out",
                    "evidence": "reported",
                },
                {"type": "measure", "name": "rockets", "quantity": "about 15"},
                {"type": "measure", "name": "rockets", "quantity": "20", "modality": "denied"},
                {"type": "question", "question": "What next?"},
            ]
        )
    )


def _acts(draw: st.DrawFn, told_so_far: list[Json], *, rulings: bool) -> Json | None:
    """What the desk does about one of the reports so far; None where there is none."""
    kinds = ["correction", "correction", "retraction", "scope", *(["ruling"] if rulings else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "ruling":
        return settled(draw(amounts), draw(st.sampled_from(PATHS)))
    reports = [
        version
        for version, report in enumerate(told_so_far, start=2)
        if report["type"] not in {"correction", "retraction", "adjudication"}
    ]
    if kind == "scope":
        since = f"2020-03-11T{draw(HOURS)}:00:00Z"
        who = draw(st.sampled_from(NAMED))
        return {"type": "retraction", "targets": {"origin": who, "since": since}}
    if not reports:
        return None
    target = draw(st.sampled_from(reports))
    if kind == "retraction":
        return retraction(target)
    if told_so_far[target - 2]["type"] == "casualties":
        replacement = draw(counts())
        replacement.pop("modality", None)
        return correction(target, replacement)
    return None


@st.composite
def histories(
    draw: st.DrawFn, *, acts: bool = True, rulings: bool = True, least: int = 1, most: int = 8
) -> list[Json]:
    """Updates in the order in which they came, now and then some that were published earlier."""
    updates: list[Json] = []
    so_far: list[Json] = []
    for _ in range(draw(st.integers(least, most))):
        hour = draw(HOURS)
        act = (
            _acts(draw, so_far, rulings=rulings) if acts and draw(st.integers(0, 3)) == 0 else None
        )
        if act is not None:
            updates.append(told("desk", act, at_hour=hour, kind="desk"))
            so_far.append(act)
            continue
        said = draw(
            st.lists(
                st.one_of(counts(), counts(), outcomes(), statements()), min_size=1, max_size=3
            )
        )
        updates.append(told(draw(st.sampled_from(NAMED)), *said, at_hour=hour))
        so_far += said
    return updates
