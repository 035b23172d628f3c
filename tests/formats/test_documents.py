"""Situations and updates as documents that other programs read: maps, feeds, alerts, cards."""

import json

import pytest

from service.formats import atom, cap, card, geojson, liveblog, oembed
from service.formats.facts import days
from service.formats.story import LONGEST_HEADLINE, story
from tests.formats.stories import HOSTILE, POINT, SITE, SQUARE, happened, place, retold, rich
from tests.formats.validators import (
    read_atom,
    read_cap,
    read_geojson,
    read_html,
    read_live_blog,
    read_oembed,
)
from tests.histories import correction, killed, origin, retraction, told

ASKED = (("as_of", "2020-03-11T17:00:00+00:00"), ("policy", "range"))
SEEN = HOSTILE.replace("\ufffe", "\ufffd")
"""As XML has it."""


def test_every_place_is_a_feature_with_whose_word_it_is():
    held = retold(*rich()).situation

    read = read_geojson(geojson.situation(held, SITE, ASKED))

    first, second = read["features"]
    assert [one["geometry"] for one in (first, second)] == [SQUARE, POINT]
    assert (second["properties"]["origin"], second["properties"]["leads"]) == ("afp", False)
    assert second["properties"]["event"] == "https://news.example/v1/incidents/a-story/events/3"
    assert read["situation"]["url"].endswith(
        "?as_of=2020-03-11T17%3A00%3A00%2B00%3A00&policy=range"
    )


def test_an_incident_of_which_nothing_is_known_is_a_feature_without_a_place_and_without_a_zero():
    held = retold(told("afp", killed("unknown"))).situation

    feature = geojson.incident(held, SITE)
    read = read_geojson(geojson.collection([feature], None))["features"][0]

    assert read["geometry"] is None
    assert (read["properties"]["killed_low"], read["properties"]["killed_high"]) == (None, None)
    assert "injured_low" not in read["properties"]
    assert read["properties"]["injured_status"] == "unreported"


def test_a_feed_tells_every_update_and_what_became_of_it():
    story_told = retold(*rich())

    read = read_atom(atom.of_incident(story_told.situation, story_told.updates, SITE, ASKED))

    assert [entry.title for entry in read.entries][-1].startswith("</script>")
    assert len(read.entries) == 6
    counted = next(entry for entry in read.entries if "Killed: 9" in entry.content[0].value)
    assert "[corrected by event 13" in counted.content[0].value
    first = read.entries[-1]
    assert (first.author, first.content[0].value.split("\n")[0]) == (SEEN, SEEN)
    assert "(says army)" in first.content[0].value
    assert first.links[-1].href == "https://afp.example/a?b=1&c=<2>"


def test_an_update_that_was_taken_back_says_so_wherever_it_is_told():
    taken_back = retold(
        told("afp", killed(30)),
        told("desk", retraction({"publisher": "afp", "since": "2020-03-11"}, reason="a typo"))
        | {
            "reports": [
                {
                    "type": "retraction",
                    "targets": {"publisher": "afp", "since": "2020-03-11"},
                    "reason": "a typo",
                }
            ]
        },
    )

    blog = read_live_blog(liveblog.posting(taken_back, SITE))

    assert blog["liveBlogUpdate"][1]["articleBody"] == "Killed: 30 [taken back by event 3: a typo]"
    assert blog["liveBlogUpdate"][1]["correction"] == [
        {"@type": "CorrectionComment", "text": "taken back by event 3: a typo"}
    ]


def test_a_day_of_publication_stays_a_day():
    update = {**told("afp", killed(2)), "published_at": "2020-03-11"}
    dated = retold(update)

    feed = atom.of_incident(dated.situation, dated.updates, SITE)
    blog = read_live_blog(liveblog.posting(dated, SITE))

    assert "published" not in read_atom(feed).entries[0]
    assert b":date>2020-03-11</" in feed
    assert blog["liveBlogUpdate"][0]["datePublished"] == "2020-03-11"


def test_a_live_blog_has_what_schema_org_asks_of_one():
    blog = read_live_blog(liveblog.posting(retold(*rich()), SITE))

    assert blog["headline"] == "A story"
    assert blog["about"]["startDate"] == "2020-03-11"
    assert blog["about"]["location"]["name"] == HOSTILE
    assert [
        set(one) >= {"headline", "articleBody", "datePublished"} for one in blog["liveBlogUpdate"]
    ] == [True] * 6
    assert all(len(one["headline"]) <= LONGEST_HEADLINE for one in blog["liveBlogUpdate"])


def test_of_a_window_of_days_a_live_blog_invents_no_date():
    blog = read_live_blog(liveblog.posting(retold(told("a", happened("2020-03"))), SITE))

    assert "startDate" not in blog["about"]
    assert blog["temporalCoverage"].startswith("2020-03-01T")


def test_no_word_of_a_report_ends_the_element_that_holds_the_live_blog():
    posted = liveblog.posting(retold(*rich()), SITE)

    inline = liveblog.inline(posted)

    assert not set("<>&\u2028\u2029") & set(inline)
    assert json.loads(inline) == json.loads(posted)


def test_an_alert_claims_no_more_than_the_record():
    held = retold(*rich()).situation

    alert = read_cap(cap.alert(held, SITE, ASKED))

    info = alert["info"]
    assert (alert["status"], alert["msgType"], alert["scope"]) == ("Draft", "Alert", "Public")
    assert {info[name] for name in ("urgency", "severity", "certainty")} == {"Unknown"}
    assert "onset" not in info
    assert alert["sent"] == "2020-03-11T12:06:00-00:00"
    told_of = {one["valueName"]: one["value"] for one in info["parameter"]}
    assert told_of["sitrep:casualties.killed.low"] == "4"
    assert info["area"]["polygon"].split()[0] == "33,44"


@pytest.mark.parametrize(("precision", "drawn"), [("exact", "33.52,44.26 0"), ("city", None)])
def test_a_point_is_an_area_only_where_it_is_exact(precision, drawn):
    held = retold(told("afp", place(geometry=POINT, precision=precision))).situation

    area = read_cap(cap.alert(held, SITE))["info"]["area"]

    assert area.get("circle") == drawn
    assert area["areaDesc"] == f"Camp Taji, IQ ({precision})"


def test_an_alert_has_no_number_that_nobody_knows():
    held = retold(told("afp", killed({"low": 2}))).situation

    told_of = read_cap(cap.alert(held, SITE, restriction="for the desk"))

    named = [one["valueName"] for one in told_of["info"]["parameter"]]
    assert "sitrep:casualties.killed.low" in named
    assert "sitrep:casualties.killed.high" not in named
    assert (told_of["scope"], told_of["restriction"]) == ("Restricted", "for the desk")


def test_another_answer_about_a_version_is_another_alert():
    held, other = retold(told("afp", killed(2))).situation, retold(told("afp", killed(3))).situation

    names = {read_cap(cap.alert(one, SITE))["identifier"] for one in (held, other)}

    assert len(names) == 2
    assert all(name.startswith("a-story.2.") for name in names)


def test_a_card_is_html_without_a_script():
    page = read_html(card.card(retold(*rich()).situation, SITE, ASKED))

    assert page.find(".//h1").find("a").get("href").startswith("https://news.example/incidents/")
    assert page.findall(".//script") == page.findall(".//b") == []
    assert [line.text for line in page.findall(".//dt")] == [
        *("Status", "When", "Where", "Killed", "Responsibility"),
    ]


def test_what_is_embedded_is_the_card_in_no_more_room_than_there_is():
    held = retold(*rich()).situation

    told_of = oembed.rich(held, SITE, ASKED, width=200, height=None)
    frame = read_oembed(json.loads(oembed.as_json(told_of)))

    assert (frame["width"], frame["height"]) == ("200", "280")
    assert frame["src"].startswith("https://news.example/v1/incidents/a-story/card?as_of=2020")
    assert "allow-scripts" not in frame["sandbox"]


def test_an_update_is_headed_by_its_own_summary_its_headline_or_its_first_report():
    summed = retold({**told("a", killed(1)), "summary": "One is dead."})
    titled = retold(told("a", killed(1), {"type": "narrative", "headline": "Dead", "body": "…"}))
    plain = retold(told("a", killed(1, origin=origin("b"))))

    heads = [story(one.updates[0], one.situation).headline for one in (summed, titled, plain)]

    assert heads == ["One is dead.", "Dead", "Killed: 1 (says b)"]


def test_days_are_counted_over_the_ends_of_months():
    held = retold(told("a", happened("2020-02-28", "2020-03-01"))).situation

    assert days(held.overview.occurred) == ("2020-02-28", "2020-03-01", 3)


def test_a_correction_of_one_report_leaves_the_others_as_they_are():
    fixed = retold(told("a", killed(9), place()), told("a", correction(2, killed(4))))

    lines = story(fixed.updates[1], fixed.situation).lines

    assert lines == ("Killed: 9 [corrected by event 4]", "Target: Camp Taji")
