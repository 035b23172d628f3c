"""Every route of the application, whatever is asked of it: taken from its map of addresses, so that
a new one is asked too.

The same is asked of the service on each engine, and answered with the same status.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urlencode
from zlib import crc32

import pytest
from flask import Flask
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from service.app import create_app
from service.settings import Settings
from service.store.cursors import encoded
from service.store.schema import migrate
from service.store.store import Store
from tests.histories import EDITOR, Json, injured, killed, new_incident, new_update, told
from tests.postgres import fresh_database
from tests.signing import signed

UPDATE = "c664395b-22af-5ee6-a055-ea6cb3403295"
KNOWN: dict[str, str] = {
    "incident": "taji",
    "update_id": UPDATE,
    "version": "2",
    "key": "afp",
    "lane": "0",
    "place": "0/000.p/2",
    "filename": "sitrep.css",
    "slug": "not-found",
    "_": "nothing/here",
}
"""What there is to be found by the names in paths."""

WANTED = {
    "path": "casualties.killed",
    "figure": "casualties.killed",
    "from": "1",
    "url": "http://localhost/incidents/taji",
}
"""Parameters that an operation cannot do without."""

FORMS = {"pages.choose_language"}
"""What is answered well to forms alone, which chance seldom sends: tests/web/test_languages.py."""

NEEDED = {"pages.why": ("path",)}
"""Those of operations that the document does not describe."""

ASKED: dict[str, int] = {"GET": 40, "POST": 400, "OPTIONS": 3}
"""How often each method of each route is asked."""

TELLING = ("Traceback", "sqlalchemy", "psycopg", "SELECT ", "sqlite3", ".py", "site-packages")
"""What nobody is told, and nothing here sends."""

LONG = "a" * 9_000
TEXTS = (
    *(
        "",
        " ",
        "*",
        "\x00",
        "a\x00b",
        "..",
        "../..",
        "\u202e",
        "ÿ",
        "東京",
        "𝕬",
        "\ufffd",
        "'\"`;--",
    ),
    *("%", "%s", "{}", "$", "\r\n", "\u2028", "null", "true", LONG),
)
NUMBERS = (
    *("0", "1", "2", "3", "-1", "1e3", "1.0", "01", "+1", "١", "9" * 18, "9" * 19, "9" * 400),
    *("9223372036854775807", "9223372036854775808", "NaN", "Infinity", "1000", "1001"),
)
TIMES = (
    *("2020-03-11T12:00:00Z", "2020-03-11", "2020-03", "2020-03-11T12:00:00+03:00"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59"),
    *("2020-02-30", "2020-W11-3", "1583928000", "now", "2016-12-31T23:59:60Z"),
)
CURSORS = tuple(
    encoded(inner)
    for inner in (
        *("", "0", "-1", "1", "9" * 18, "-" + "9" * 18, "1 \x00", "1 taji", "1 ÿ", "afp", "\x00"),
        *(
            "1.00",
            "1.",
            "1.0.0",
            "recorded 1 1",
            "recorded -1 -1",
            "published 5 9",
            "[]",
            '["",[],[]]',
        ),
    )
)
WORDS = (
    *("recorded", "published", "effective", "asc", "desc", "latest", "compatible", "official"),
    *("all", "named", "opened", "killed", "casualties_reported", "casualties.killed", "attack"),
    *("casualties.injured.by_group[role=military]", "overview.measures.x", "IQ", "41,33,45,36"),
    *("casualties.killed.by_group[%]", "attribution.lines[a,b]", "rock*", '"a b"', "afp", "taji"),
)
ADDRESSES = (
    *("http://localhost/incidents/taji", "http://localhost/incidents/taji?version=2#x"),
    *("https://localhost:80/incidents/taji", "http://[::1/incidents/taji", "http://x/incidents/a"),
    *("http://localhost/incidents/taji?as_of=%00", "http://localhost/incidents/taji?%ff&&=;a=%zz"),
    *("http://localhost@x/incidents/taji", "//localhost/incidents/taji", "javascript:alert(1)"),
    *(
        "http://localhost/incidents/taji?version=" + "9" * 30,
        "http://localhost/incidents/taj\u0131",
    ),
)
VALUES = (*TEXTS, *NUMBERS, *TIMES, *CURSORS, *WORDS)
FITTING = {
    **dict.fromkeys(("cursor", "after"), (*CURSORS, *NUMBERS)),
    **dict.fromkeys(("as_of", "published_until", "updated_since", "from", "to"), TIMES),
    **dict.fromkeys(("occurred_from", "occurred_to"), TIMES),
    **dict.fromkeys(("limit", "version", "after_version", "min_killed"), NUMBERS),
    **dict.fromkeys(("path", "figure", "q", "axis", "policy", "order", "sort"), WORDS),
    "url": ADDRESSES,
}
"""What a parameter is sent as often as everything else."""

RAW = ("%", "%zz", "%ff", "%00", "&&", "=", "a=%", ";", "\xff=1", "q=\xe9", "?", "#", "a" * 20_000)

TAGS = ('"2"', 'W/"2"', "*", '"2-a"', '"0"', "2", '"', '"99999999999999999999"', '"3", "2"', "")
HEADERS: dict[str, tuple[str, ...]] = {
    "If-Match": (*TAGS, "\xff", "*, *"),
    "If-None-Match": (*TAGS, "\xff", '"' * 99),
    "Accept": (
        *("application/json", "application/x-ndjson", "text/html", "*/*;q=nan", "a/b;q=1e999"),
        *(";;;", "\xff", "application/link-format", "application/*;q=0", 'a/b;c="'),
    ),
    "Accept-Datetime": (
        *("Wed, 11 Mar 2020 17:00:00 GMT", "Fri, 31 Dec 9999 23:59:60 GMT", "now", "\xff", ""),
        *("Wed, 11 Mar 2020 17:00:00 +0100", "Sat, 01 Jan 0000 00:00:00 GMT"),
    ),
    "Idempotency-Key": (UPDATE, f'"{UPDATE}"', "", "x", "\xff", "0" * 32, LONG),
    "Content-Type": (
        *(
            "application/json",
            "application/json; charset=utf-8",
            "application/json;charset=latin-1",
        ),
        *("text/plain", "application/problem+json", "multipart/form-data", "\xff", "", "json"),
    ),
    "Content-Encoding": ("gzip", "identity", "\xff"),
    "Range": ("bytes=0-1", "bytes=9-1", "bytes=-", "items=0-1", "bytes=0-9999999999999999999"),
    "If-Range": ('"2"', "Wed, 11 Mar 2020 17:00:00 GMT", "\xff"),
    "If-Modified-Since": ("Wed, 11 Mar 2020 17:00:00 GMT", "\xff", "Fri, 31 Dec 9999 23:59:60 GMT"),
    "Host": ("localhost", "[::1", "a b", "\xff", "", "x" * 300, "x:99999999"),
    "Cookie": ("a=b", "\xff", "=;=;"),
    "X-Forwarded-For": ("1.2.3.4", "\xff"),
    "X-HTTP-Method-Override": ("DELETE",),
    "Expect": ("100-continue", "\xff"),
    "Last-Event-Id": ("0", "x"),
}
STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e400, float("nan"), 10**30, 10**400, -(2**63)),
    *("", " ", "\x00", "\ud800", "\udfff\ud800", "a\u0000", "x" * 3_000, "\u202e", *WORDS, *TIMES),
    *([], {}, [[]], [None], {"": {}}, {"a": {"b": [1]}}, ["x"] * 1_001, {"type": "casualties"}),
    {"low": 1e-7},
    {"low": 5, "high": 1},
    {"low": 1, "high": 10**12 + 1},
)


class Sent(NamedTuple):
    method: str
    path: bytes
    query: str
    headers: Mapping[str, str]
    body: bytes
    sender: str | None


class Site:
    """The service, and how often each of its routes gave which status."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.store: Store = self.app.extensions["sitrep"]
        self.store.open(new_incident("taji", killed(2)), EDITOR)
        update = told("afp", killed("at least 2"), injured(5))
        self.store.append("taji", new_update(update, UPDATE), EDITOR)
        roles = ("reader", "editor", "admin")
        self.keys = {role: self.store.add_key(role, role) for role in roles}
        self.reached: dict[str, Counter[int]] = defaultdict(Counter)
        self._known = self._head()

    def grew(self) -> bool:
        """Whether events came since this was asked last."""
        before, self._known = self._known, self._head()
        return before != self._known

    def _head(self) -> bytes:
        """What is signed of the log with every update."""
        return self.store.checkpoint(0)

    def send(self, sent: Sent, method: str | None = None) -> Response:
        asked: dict[str, str] = dict(sent.headers)
        if sent.sender is not None:
            asked["Authorization"] = f"Bearer {self.keys.get(sent.sender, sent.sender)}"
        environ = {
            "REQUEST_METHOD": method or sent.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": sent.path.decode("latin-1"),
            "QUERY_STRING": sent.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(sent.body)) if sent.body else "",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(sent.body),
            "wsgi.errors": BytesIO(),
            "wsgi.version": (1, 0),
        }
        for name, value in asked.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return Response(*run_wsgi_app(self.app, environ, buffered=True))

    def endpoint(self, sent: Sent) -> str:
        """The route's name; empty where there is none."""
        adapter = self.app.url_map.bind("localhost")
        try:
            path = sent.path.decode("utf-8", "replace")
            return str(adapter.match(path, method=sent.method)[0])
        except HTTPException:
            return ""


@pytest.fixture(scope="module")
def sites(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Site]]:
    """The service over a store that holds a story, on each engine."""
    file = tmp_path_factory.mktemp("any") / "sitrep.db"
    with fresh_database(postgres_server) as url:
        urls = f"sqlite:///{file}", url
        for one in urls:
            migrate(one)
        with signed(*urls) as opening:
            opened = list(map(Site, opening))
            yield opened
            for site in opened:
                site.store.close()


def usually(good: Any, *others: Any, of: int = 5) -> st.SearchStrategy[Any]:
    """The good thing but for one time of so many."""
    return st.sampled_from((*[good] * ((of - 1) * len(others)), *others))


def part(name: str) -> st.SearchStrategy[bytes]:
    good = KNOWN[name]
    near = (good.upper(), f"{good}\n", f" {good}", f"{good}/", good[:-1], f"{good}%", good * 99)
    encodings = ("%2e%2e", "%2f", "%00", "%0a", "%ff", "%c0%af", "%25")
    hostile = [value.encode() for value in (*near, *TEXTS, *NUMBERS)]
    return usually(good.encode(), *hostile, *map(unquote_to_bytes, encodings))


@st.composite
def paths(draw: st.DrawFn, rule: Rule) -> bytes:
    """The rule's path with something for each of its parts."""
    pieces = []
    for is_dynamic, text in rule._trace:
        pieces.append(draw(part(text)) if is_dynamic else text.replace("|", "").encode())
    whole = b"".join(pieces)
    return draw(usually(whole, whole + b"/", b"/" + whole, whole.upper(), whole + b"\x00", of=9))


class Operation(NamedTuple):
    """A method of a route, its own parameters, and those that it cannot do without."""

    rule: Rule
    method: str
    own: tuple[str, ...]
    required: tuple[str, ...]


@st.composite
def queries(draw: st.DrawFn, operation: Operation, names: tuple[str, ...]) -> str:
    asked = [(name, draw(usually(WANTED[name], *VALUES))) for name in operation.required]
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 1, 2, 3)))):
        name = draw(st.sampled_from(operation.own or names) | st.sampled_from(names))
        fitting = st.sampled_from(FITTING.get(name, VALUES))
        value = draw(fitting | st.sampled_from(VALUES) | st.text(max_size=20))
        asked += [(name, value)] * draw(usually(1, 2, 150, of=20))
    written = urlencode(asked, errors="replace")
    return written + draw(usually("", *RAW, of=12))


REPORTS: tuple[Json, ...] = (
    killed(3, key="a", group={"nationality": "US", "role": "military"}),
    {"type": "means", "weapon": "rocket", "basis": "fired", "quantity": "about 15"},
    {"type": "location", "role": "target", "geometry": {"type": "Point", "coordinates": [44, 33]}},
    {"type": "time", "occurred": {"earliest": "2020-03-11", "latest": "2020-03-12"}},
    {"type": "correction", "target": 2, "kind": "number", "replacement": killed(4), "note": "n"},
    {"type": "retraction", "targets": [{"origin": "afp", "since": "2020-03-11"}], "reason": "r"},
    {"type": "adjudication", "path": "casualties.killed", "quantity": "3", "rationale": "known"},
    {"type": "marking", "targets": [2], "embargo_until": "2020-03-12T00:00:00Z"},
    {"type": "attribution", "statement": "claim", "subject": "Kata'ib", "relation": "perpetrator"},
    {"type": "erasure", "targets": [3]},
)


@st.composite
def bodies(draw: st.DrawFn, *, opens: bool) -> bytes:
    """An update or an incident, mostly with something wrong with it."""
    chosen = st.sampled_from(REPORTS[:4] if opens else REPORTS)
    reports = draw(st.lists(chosen, min_size=1, max_size=3))
    posted: Any = {
        "publisher": {"key": "afp", "kind": "press"},
        "published_at": "2020-03-11",
        "reports": [json.loads(json.dumps(report)) for report in reports],
    }
    if draw(usually(opens, not opens, of=9)):
        posted |= {"title": "A story", "kind": "other", "incident": f"s-{draw(st.uuids())}"}
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2, 3)))):
        posted = changed(draw, posted)
    written = json.dumps(posted, ensure_ascii=draw(st.booleans()))
    if draw(usually(False, True, of=9)):
        written = written.replace('"type"', '"type": "means", "type"', 1)
    body = written.encode("utf-8", "surrogatepass")
    at = draw(st.integers(0, len(body)))
    broken = (body[:at], body[:at] + b"\xff" + body[at:], b"\xef\xbb\xbf" + body, b"[" * 10_000)
    more = (b'{"a":' * 40 + b"1" + b"}" * 40, written.encode("utf-16", "surrogatepass"), b"")
    return bytes(draw(usually(body, *broken, *more, body + b" " * (1 << 20))))


def changed(draw: st.DrawFn, value: Any) -> Any:
    """The value with one of its nodes left out, doubled or replaced."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(STRANGE) | st.text(max_size=9) | st.floats())
    keys = sorted(value) if isinstance(value, dict) else range(len(value))
    key: Any = draw(st.sampled_from(keys))
    way = draw(st.integers(0, 3))
    if way == 0:
        inner: Any = changed(draw, value[key])
        kept = value.items() if isinstance(value, dict) else enumerate(value)
        pairs = [(name, inner if name == key else old) for name, old in kept]
        return dict(pairs) if isinstance(value, dict) else [old for _, old in pairs]
    if isinstance(value, list):
        return [*value[:key], *value[key + 1 :]] if way == 1 else [*value, value[key]]
    if way == 1:
        return {name: old for name, old in value.items() if name != key}
    return {
        **value,
        draw(st.sampled_from(("x", key.upper(), f"{key}_other", "\ud800"))): value[key],
    }


@st.composite
def requests(draw: st.DrawFn, operation: Operation, names: tuple[str, ...]) -> Sent:
    method, posts = operation.method, operation.method == "POST"
    chosen = draw(usually((), *((name,) for name in HEADERS), tuple(HEADERS), of=2))
    headers = {name: draw(st.sampled_from(HEADERS[name])) for name in chosen}
    if posts:
        headers["Content-Type"] = draw(usually("application/json", *HEADERS["Content-Type"], of=20))
    strange = ("reader", "editor", None, "x", "\xff", "")
    sender = draw(usually("admin", *strange, of=12))
    if not posts and draw(usually(False, True, of=12)):
        sender = None
        basic = ("Basic \xe9", "Basic bWU6eA==", "Basic", "Basic //8=", "Negotiate x", "\xff")
        headers["Authorization"] = draw(st.sampled_from(basic))
    return Sent(
        method=draw(usually(method, "PUT", "DELETE", "TRACE", "get", "QUERY", of=20)),
        path=draw(paths(operation.rule)),
        query=draw(usually("", "x=1", *RAW, of=12)) if posts else draw(queries(operation, names)),
        headers=headers,
        body=draw(bodies(opens=not operation.rule.arguments))
        if posts
        else draw(usually(b"", b"{}", b"\xff" * 2_000)),
        sender=sender,
    )


def operations(app: Flask) -> Iterator[Operation]:
    """Each method of each route. (HEAD goes with GET.)"""
    document = app.test_client().get("/openapi.json").json["paths"]
    for rule in app.url_map.iter_rules():
        path = "".join(f"{{{text}}}" if is_part else text for is_part, text in rule._trace)
        told_of = document.get(path.replace("|", ""), {}).get("get", {}).get("parameters", ())
        own = {one["name"]: one.get("required") for one in told_of if one["in"] == "query"}
        required = tuple(name for name, is_required in own.items() if is_required)
        required = required or NEEDED.get(rule.endpoint, ())
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            yield Operation(rule, method, tuple(own), required)


def parameters(app: Flask) -> tuple[str, ...]:
    """Every parameter of the service, and some of none."""
    document = app.test_client().get("/openapi.json").json["paths"]
    named = {
        one["name"]
        for path in document.values()
        for operation in path.values()
        if isinstance(operation, dict)
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    }
    return (*sorted(named), "x", "\x00", "Ä")


def test_whatever_is_asked_is_answered_in_the_service_s_own_words(sites: list[Site]) -> None:
    app = sites[0].app
    names = parameters(app)
    assert {"as_of", "cursor", "bbox", "figure", "q"} < set(names)

    for operation in operations(app):

        @seed(crc32(f"{operation.method} {operation.rule}".encode()))
        @settings(
            max_examples=ASKED[operation.method], deadline=None, derandomize=True, database=None
        )
        @given(sent=requests(operation, names))
        def ask(sent: Sent) -> None:
            statuses = [hold(site, sent) for site in sites]
            assert len(set(statuses)) == 1, (sent, statuses)

        ask()

    for site in sites:
        silent = {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if not any(status < 400 for status in site.reached[rule.endpoint])
            and not rule.endpoint.startswith("desk.")  # Forms are sent there: tests/web/desk.
        }
        assert silent - FORMS == {"pages.nothing"}
        for posted in ("incidents.open_incident", "incidents.append_update"):
            assert site.reached[posted][201] >= 20, site.reached[posted]
        assert site.reached["incidents.preview_update"][200] >= 20


def test_each_parameter_by_itself_is_answered_in_the_service_s_own_words(sites: list[Site]) -> None:
    asked = 0
    for operation in operations(sites[0].app):
        if operation.method != "GET":
            continue
        rule = operation.rule
        parts = [KNOWN[text] if is_part else text for is_part, text in rule._trace]
        path = "".join(parts).replace("|", "").encode()
        for name in operation.own:
            for value in (*FITTING.get(name, ()), *TEXTS[:6]):
                needed = {other: WANTED[other] for other in operation.required}
                query = urlencode({**needed, name: value}, errors="replace")
                sent = Sent("GET", path, query, {}, b"", "admin")
                statuses = [hold(site, sent, with_head=False) for site in sites]
                assert len(set(statuses)) == 1, (sent, statuses)
                asked += 1

    assert asked > 1_000


def hold(site: Site, sent: Sent, *, with_head: bool = True) -> int:
    """What holds of every answer; its status."""
    answer = site.send(sent)
    endpoint = site.endpoint(sent)
    if sent.method != "OPTIONS":
        site.reached[endpoint][answer.status_code] += 1

    assert answer.status_code < 500, (sent, answer.get_data(as_text=True))
    is_replay = "Idempotent-Replay" in answer.headers
    assert site.grew() == (answer.status_code == 201 and not is_replay), sent
    if answer.status_code >= 400 and sent.method != "HEAD":
        is_told_of(endpoint, answer)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    said = f"{answer.data.decode(errors='replace')}{answer.headers}"
    assert not [word for word in TELLING if word in said], (sent, said)
    if sent.method == "GET" and with_head:
        is_answered_without_its_body(site, sent, answer, endpoint)
    return answer.status_code


def is_told_of(endpoint: str, answer: Response) -> None:
    """A problem (RFC 9457), or a page where a person looks at it."""
    if answer.content_type == "text/html; charset=utf-8":
        assert endpoint.startswith(("pages.", "desk."))
        return
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]


def is_answered_without_its_body(site: Site, sent: Sent, answer: Response, endpoint: str) -> None:
    """HEAD (RFC 9110 §9.3.2)."""
    head = site.send(sent, "HEAD")
    assert head.status_code == answer.status_code, sent
    assert head.data == b"", sent
    # What is done with keys is told there, and each of the two requests was.
    if endpoint != "keys.list_key_uses":
        assert lasting(head) == lasting(answer), sent


def lasting(answer: Response) -> list[tuple[str, str]]:
    """Its headers, but for the time of day."""
    return sorted(pair for pair in answer.headers if pair[0] != "Date")
