"""Writes the seeds: `python -m tests.fuzz.seeds`. Findings stay where they are."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import zstandard

from service.domain.quantity import read_words
from service.store.answers import Selection
from service.store.cursors import encoded
from service.store.listing import Place
from service.store.listing import _name as named
from service.stories import TAJI
from tests.fuzz import material
from tests.fuzz.corpus import CORPUS
from tests.fuzz.targets import QUERIES
from tests.test_drafts import ATOM, BOMB, PAGE, RSS

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "updates.csv"
GOLDEN = Path(__file__).parents[1] / "golden" / "reports"

PRESS = {"key": "the-drive", "kind": "press", "name": "The Drive", "url": "https://example.org/a"}
QUANTITIES = (
    *(
        "3",
        "1,200",
        "2.5",
        "none",
        "at least two",
        "more than 3",
        "3 to 5",
        "3–5",
        "between 3 and 5",
    ),
    *("about 15", "several", "up to a hundred", "two dozen", "dozens of", "unknown", "20+"),
    *("twenty-five", "one hundred thousand", "no fewer than 12", "a few", "some 40", "some"),
)
TIMES = (
    *("2020-03-11T17:00:00Z", "2020-03-11T17:00:00.123456+03:00", "2020-03-11", "2020-03"),
    *(
        "2020-03-11T17:00:00.5Z",
        "2020-03-11t17:00:00.123456789z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ),
    *("2020-02-29T00:00:00-23:59", "9999-12", "0001-01-01T00:00:00+00:01", "2019-02-29"),
)
PARAMETERS = (
    "as_of=2020-03-11T17:00:00Z&policy=official&without_origin=afp&without_origin=us&compare=true",
    "path=casualties.killed.by_group[role=military]&limit=10&cursor=Nw",
    "published_until=2020-03-12T00:00:00%2B03:00&origins=named&limit=1000",
    "q=af&publisher=the-drive&limit=5",
    "key=desk&limit=5",
    "order=asc&limit=1&cursor=MTU4MzkyODAwMDAwMDAwMA",
    "after_version=3&type=casualties_reported,report_corrected&limit=2",
    "after=17&types=incident_opened&incident=taji",
    "q=rocket+%22camp+taji%22&kind=attack&country=IQ&bbox=41.5,33,45,36&sort=killed&limit=5",
    "figure=casualties.killed&axis=published&from=2020-03-11T17:00:00Z&to=2020-03-12T00:00:00Z",
    "axis=recorded&from=0&to=12&policy=newest",
    "from=0&to=7",
)


def seeds() -> Iterator[tuple[str, Iterable[str | bytes]]]:
    posted = [
        json.loads(path.read_text("utf-8"))["posted"] for path in sorted(GOLDEN.glob("*.json"))
    ]
    updates = [
        {"publisher": PRESS, "published_at": "2020-03-11", "reports": [one]} for one in posted
    ]
    opening = {"title": "Rocket attack", "kind": "attack.rocket", "incident": "taji"}
    deep = [json.loads('{"a":' + "[" * levels + "]" * levels + "}") for levels in (31, 32, 36)]
    lines = TAJI.read_bytes().splitlines()[:6]
    whole, alone, _ = map(material.written, material.EXPORTS)
    yield "times", TIMES
    yield "quantity_words", QUANTITIES
    yield (
        "quantity_numbers",
        [
            '{"low":2}',
            '{"low":2,"high":5,"best":3}',
            '{"low":0.5,"high":null}',
            '{"low":2,"high":5,"best":1}',
            '{"low":5,"high":2}',
            '{"low":1e3,"high":1E12}',
            *(msgspec.json.encode(read_words(word)) for word in QUANTITIES[:3]),
        ],
    )
    yield (
        "search",
        [
            'rocket "camp taji" rock*',
            "Ärger ŁÓDŹ",
            "東京 ロケット",
            '"a b',
            "ﬁ ß İ ı",
            "a*",
            " ".join("abcdefghijklmnopqr"),
        ],
    )
    yield (
        "paths",
        [
            "casualties.killed",
            "casualties.killed.by_group[nationality=US,role=military]",
            "overview.measures.rockets_fired [m]",
            "attribution.lines[Kata%5Dib Hezbollah,perpetrator]",
            "responses[us-strikes]",
            "overview.locations[target]",
        ],
    )
    yield "body", [json.dumps(one) for one in (*updates, {**updates[0], **opening}, *deep)]
    yield "import_line", lines
    yield "entries", [ATOM, RSS, PAGE, BOMB, "Zwölf Verletzte.", ATOM.encode("utf-16")]
    yield (
        "sheets",
        [
            EXAMPLE.read_bytes(),
            (
                b"\xef\xbb\xbfincident,publisher_key,publisher_kind,type,harm,low,report\n"
                b'taji,afp,press,casualties,killed,2,"{""phrase"": ""\'=two""}"\n'
            ),
            b"incident,publisher_key,publisher_kind,type,title\r\ntaji,a,press,opening,Taji\r\n",
        ],
    )
    yield "if_match", ['"12"', 'W/"12"', '"12-3f0a"', "*", '"12-e9"']
    yield "if_none_match", ['"12"', 'W/"12", "13"', "*", f'"{"0" * 32}"', '"7-a"']
    yield (
        "accept_datetime",
        [
            "Wed, 11 Mar 2020 17:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Mon, 01 Jan 0001 00:00:00 GMT",
            "Sat, 29 Feb 2020 00:00:00 GMT",
        ],
    )
    yield (
        "authorization",
        ["Bearer sitrep_abc", "Basic bWU6c2l0cmVwX2FiYw==", "basic  OjE=", "Bearer"],
    )
    yield (
        "accept",
        [
            "application/json",
            "application/x-ndjson;q=0.9, application/json;q=0.1",
            "*/*;q=0.5",
            "text/html",
            'application/json; profile="a,b"',
        ],
    )
    assert len(PARAMETERS) == len(QUERIES)
    yield "query", [bytes([number]) + told.encode() for number, told in enumerate(PARAMETERS)]
    place = msgspec.json.encode(Place(named(Selection()), (1, 2, 3), (4, "taji")))
    yield (
        "cursors",
        [
            *("17", "0", encoded("1.2.3"), encoded("1583928000000000 taji"), encoded("the-drive")),
            *(encoded("1583928000000000.00ff"), encoded("recorded 1583928000000000 7")),
            *(encoded("published 5 7"), encoded("effective 5 7"), encoded(place.decode())),
        ],
    )
    yield "keys", [str(material.VERIFIER), material.SIGNER.written(), str(material.OTHER.verifier)]
    notes = [material.checkpoint(0), material.checkpoint(0, 2), material.checkpoint(1)]
    yield (
        "notes",
        [
            *(*notes, b"\n".join(notes) + b"\n", notes[0] + notes[1].rsplit(b"\n\n", 1)[1]),
            material.checkpoint(0, signer=material.OTHER),
        ],
    )
    yield (
        "checkpoints",
        [
            *(note.rpartition(b"\n\n")[0] + b"\n" for note in notes),
            notes[0].replace(b"\n6\n", b"\n06\n"),
            notes[0].replace(b"log.example/0", b""),
        ],
    )
    yield "proofs", [msgspec.json.encode(proof) for proof in material.PROOFS[:3]]
    yield "exports", [whole, alone, alone.splitlines()[0]]
    for name in ("proof_edits", "signed_nonsense", "export_edits", "trees"):
        yield name, [sha256(bytes([number])).digest()[: 4 * number] for number in range(1, 9)]
    yield (
        "packed",
        [
            zstandard.compress(alone),
            zstandard.compress(lines[0]) * 2,
            zstandard.compress(b"")[:-1],
            zstandard.compress(bytes(200_000)),
        ],
    )
    yield "files", [b"one\n\n two \n", b"no end", b"\r\n\x00\n"]


def main() -> None:
    for target, values in seeds():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("seed-*"):
            old.unlink()
        for number, value in enumerate(values, start=1):
            written = value.encode() if isinstance(value, str) else value
            (folder / f"seed-{number:02}").write_bytes(written)


if __name__ == "__main__":
    main()
