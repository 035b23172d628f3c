"""ARCHITECTURE.md §7: an update that nobody thought of stops nobody else."""

import json

import pytest

from tests.conformance.site import WRITERS, good, killed, together, update

DEEP = 400


def nested(depth):
    return json.loads("[" * depth + "]" * depth)


def measure(quantity, **more):
    return {"type": "measure", "name": "magnitude", "quantity": quantity, **more}


STRANGE = {
    "nul": update(killed("1", phrase="\0")),
    "nul in a key": update(killed("1", origin={"key": "a\0b", "kind": "official"})),
    "half a character": b'{"publisher":{"key":"afp","kind":"press"},"summary":"\\ud800",'
    b'"reports":[{"type":"casualties","harm":"killed","quantity":"1","phrase":"\\udc00"}]}',
    "not utf-8": b'{"publisher":{"key":"afp","kind":"press"},"summary":"\xff","reports":[]}',
    "every plane": update(killed("1", phrase="\u202e\U0001f525\ufdd0\U0010ffff"), summary="\u200d"),
    "the longest words": update(killed("1", phrase="é" * 280), summary="𝔘" * 280),
    "the longest key": update(killed("1", origin={"key": "k" * 5000, "kind": "official"})),
    "beyond sixty-four bits": update(killed({"low": 2**64, "high": 2**70})),
    "just inside": update(killed({"low": 2**53 - 1})),
    "a hundred digits": update(measure({"low": int("9" * 100)})),
    "an exponent": b'{"publisher":{"key":"afp","kind":"press"},"reports":[{"type":"measure",'
    b'"name":"magnitude","quantity":{"low":1e400}}]}',
    "a tiny decimal": b'{"publisher":{"key":"afp","kind":"press"},"reports":[{"type":"measure",'
    b'"name":"magnitude","quantity":{"low":1e-400}}]}',
    "below nothing": update(killed({"low": -1})),
    "no number": b'{"publisher":{"key":"afp","kind":"press"},"reports":[{"type":"measure",'
    b'"name":"magnitude","quantity":{"low":NaN}}]}',
    "the first day": update(killed("1"), published_at="0001-01-01"),
    "the last day": update(killed("1"), published_at="9999-12-31T23:59:59.999999Z"),
    "the first moment, further west": update(killed("1"), published_at="0001-01-01T00:00:00+14:00"),
    "deep": update({"type": "location", "role": "target", "geometry": nested(DEEP)}),
    "deeper than a parser goes": b"[" * 100_000 + b"]" * 100_000,
    "the same key twice": b'{"publisher":{"key":"afp","kind":"press"},"reports":[],"reports":'
    b'[{"type":"casualties","harm":"killed","harm":"injured","quantity":"1"}]}',
    "a thousand reports": update(*[killed(str(n % 7), scope="part") for n in range(1000)]),
    "itself": update(killed("1", key="a", depends_on=["a"])),
    "nothing": b"",
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_update_has_an_answer_of_its_own_and_stops_nobody(site, story, strange):
    other = site.open_story()

    def write(number):
        if number == 0:
            return story.post(strange)
        return (story, other)[number % 2].post(update(killed(str(number))))

    its_answer, *answers = together(write)

    assert its_answer.status_code in {201, 400, 413, 422}, its_answer.text
    assert [answer.status_code for answer in answers] == [201] * (WRITERS - 1)
    for told in (story, other):
        for path in ("", "/events", "/updates", "/explain?path=casualties.killed"):
            good(site.http.get(f"{told.path}{path}"))
    versions = [event["version"] for event in story.events()]
    assert versions == list(range(1, len(versions) + 1))
