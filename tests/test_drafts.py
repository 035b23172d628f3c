"""What was read elsewhere as a draft: what it says and nothing else (docs/formats.md)."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask import Flask, Response, redirect

from schemas.body import write
from schemas.update import load_update
from service.cli import main
from service.commands.drafting import fetch
from service.errors import Malformed, Refused, Unavailable
from service.formats.drafts import LONGEST_BODY, MOST_BYTES, drafts
from tests.over_http import over_http

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour News</title>
<entry><title>Fire at pier 4</title><link href="https://www.harbour.example/1"/>
<published>2026-03-02T18:40:00+01:00</published><updated>2026-03-03T00:00:00Z</updated>
<summary>short</summary>
<content type="html">&lt;p&gt;At least &lt;b&gt;two&lt;/b&gt; hurt.&lt;/p&gt;
&lt;p&gt;More to come.&lt;/p&gt;</content></entry>
<entry><title>Later</title><link rel="via" href="https://x.example/"/>
<content>Five hurt.</content></entry>
</feed>"""
RSS = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Radio</title>
<item><title>Fire</title><link>https://radio.example/a</link>
<pubDate>Mon, 02 Mar 2026 18:40:00 GMT</pubDate>
<description>&lt;p&gt;Smoke &amp;amp; fire&lt;/p&gt;</description>
<source url="https://agency.example/">An Agency</source></item>
<item><title>Undated</title><guid>https://radio.example/b</guid>
<pubDate>Mon, 02 Mar 2026 18:40:00</pubDate></item>
</channel></rss>"""
PAGE = """<!doctype html><html><head><title>Fire | Post</title>
<meta property="og:site_name" content="Post">
<meta property="article:published_time" content="2026-03-02"><style>p{}</style>
<link rel="canonical" href="https://post.example/fire"></head>
<body><h1>Fire</h1><p>Two   hurt.</p><script>alert("never")</script><p>It burns.</p></body>
</html>"""


def test_an_atom_entry_says_what_it_says():
    first, second = drafts(ATOM.encode())

    assert first == {
        "publisher": {
            "key": "harbour.example",
            "kind": None,
            "name": "Harbour News",
            "url": "https://www.harbour.example/1",
        },
        "published_at": "2026-03-02T17:40:00.000000Z",
        "reports": [
            {
                "type": "narrative",
                "headline": "Fire at pier 4",
                "body": "At least two hurt.\nMore to come.",
            },
            {"type": "evidence", "url": "https://www.harbour.example/1"},
        ],
    }
    assert second == {
        "publisher": {"key": None, "kind": None, "name": "Harbour News"},
        "reports": [{"type": "narrative", "headline": "Later", "body": "Five hurt."}],
    }


def test_an_rss_item_says_what_it_says_and_a_time_without_an_offset_is_none():
    first, second = drafts(RSS.encode())

    assert first["publisher"]["name"] == "An Agency"
    assert first["published_at"] == "2026-03-02T18:40:00.000000Z"
    assert first["reports"][0]["body"] == "Smoke & fire"
    assert "published_at" not in second
    assert second["reports"][0] == {"type": "narrative", "body": "Undated"}
    assert second["publisher"]["key"] == "radio.example"


def test_a_page_is_its_visible_text():
    (told,) = drafts(PAGE.encode(), url="https://post.example/fire?utm=1")

    assert told["publisher"] == {
        "key": "post.example",
        "kind": None,
        "name": "Post",
        "url": "https://post.example/fire",
    }
    assert told["published_at"] == "2026-03-02"
    assert told["reports"][0] == {
        "type": "narrative",
        "headline": "Fire | Post",
        "body": "Fire\nTwo hurt.\nIt burns.",
    }


def test_a_text_is_kept_in_full_however_long_it_is():
    text = "Zwölf Verletzte. " * 10_000

    (told,) = drafts(text.encode(), url="https://post.example/1")

    bodies = [one["body"] for one in told["reports"] if one["type"] == "narrative"]
    assert "".join(bodies) == text.strip()
    assert max(map(len, bodies)) == LONGEST_BODY


def test_no_draft_is_an_update_before_somebody_said_who_published_it():
    for told in [*drafts(ATOM.encode()), *drafts(RSS.encode()), *drafts(b"Two hurt.")]:
        with pytest.raises(Refused) as refused:
            load_update(write(told))
        assert {fault.pointer for fault in refused.value.faults} <= {
            "/publisher/kind",
            "/publisher/key",
        }

        told["publisher"] |= {"key": "somebody", "kind": "press"}
        load_update(write(told))


BOMB = (
    '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9))
    + "]><feed><title>&a8;</title></feed>"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<feed><entry></feed>", "the XML cannot be read: mismatched tag"),
        (BOMB.encode(), "declares a document type or entities"),
        (BOMB.encode("utf-16"), "declares a document type or entities"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><feed/>', "declares a document type"),
        (b'<?xml version="1.0" encoding="klingon"?><feed/>', "the XML cannot be read"),
        (b'<?xml version="1.0"?><feed><title>\xff</title></feed>', "the XML cannot be read"),
        (b"<svg/>", "an element <svg> is no feed"),
        (b"<feed/>", "there is no entry in it"),
        (b"<feed><entry/></feed>", "neither a text nor an address"),
        (b"", "neither a text nor an address"),
        (b"Zw\xf6lf", "byte 2 is not UTF-8"),
        (b"a" * (MOST_BYTES + 1), "more than"),
        (b"<a>" * 100_000, "the XML cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named(data, said):
    with pytest.raises(Malformed, match=said):
        drafts(data)


@pytest.fixture
def site() -> Iterator[str]:
    """A real server that redirects, sends too much, packs, and fails."""
    app = Flask("elsewhere")
    app.add_url_rule("/page", "page", lambda: PAGE.replace("https://post.example/fire", "/fire"))
    app.add_url_rule("/moved", "moved", lambda: redirect("/page"))
    app.add_url_rule("/round", "round", lambda: redirect("/round"))
    app.add_url_rule("/file", "file", lambda: redirect("file:///etc/passwd"))
    app.add_url_rule("/feed", "feed", lambda: Response(ATOM, mimetype="application/atom+xml"))
    app.add_url_rule("/large", "large", lambda: b"a" * (MOST_BYTES + 1))
    app.add_url_rule(
        "/packed", "packed", lambda: Response(b"x", headers={"Content-Encoding": "gzip"})
    )
    with over_http(app) as address:
        yield address


def run(*words, stdin=None):
    return CliRunner().invoke(main, ["draft", *words], input=stdin)


def test_an_address_is_fetched_and_what_was_fetched_is_evidence(site):
    ended = run(f"{site}/moved")

    told = json.loads(ended.stdout)
    evidence = told["reports"][-1]
    assert ended.exit_code == 0
    assert told["publisher"]["key"] == "127.0.0.1"
    assert evidence["url"] == f"{site}/page"
    assert len(evidence["sha256"]) == 64
    assert evidence["captured_at"].endswith("Z")


def test_each_entry_of_a_feed_is_a_line(site):
    lines = run(f"{site}/feed").stdout.splitlines()

    assert [json.loads(line)["reports"][0]["headline"] for line in lines] == [
        "Fire at pier 4",
        "Later",
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/round", "redirects"),
        ("/file", "file"),
        ("/large", "more than"),
        ("/packed", "sent packed"),
        ("/nowhere", "404"),
    ],
)
def test_what_cannot_be_fetched_is_said(site, path, said):
    ended = run(f"{site}{path}")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert said in ended.stderr


def test_who_takes_too_long_is_not_waited_for(site):
    with pytest.raises(Unavailable, match="took longer than 0 s"):
        fetch(f"{site}/page", seconds=0)


def test_a_pasted_text_goes_with_an_address_that_is_not_fetched(tmp_path):
    ended = run("https://post.invalid/1", "--text", "-", stdin="Two hurt.\r\nMore.")
    alone = run(str(tmp_path / "x"), "--text", "-", stdin="Two hurt.")

    told = json.loads(ended.stdout)
    assert told["reports"] == [
        {"type": "narrative", "body": "Two hurt.\nMore."},
        {"type": "evidence", "url": "https://post.invalid/1"},
    ]
    assert told["publisher"]["key"] == "post.invalid"
    assert alone.exit_code == 2


def test_a_file_and_stdin_are_read_alike(tmp_path):
    (tmp_path / "feed.xml").write_text(ATOM)

    assert run(str(tmp_path / "feed.xml")).stdout == run("-", stdin=ATOM).stdout
    assert run(str(tmp_path / "none.xml")).exit_code == 1
