"""Words of quantities, understood while they are typed; others lead to some that are."""

import pytest

from service.domain.quantity import phrases_near, read_words

READ = [
    ("about a dozen", "true", "10 to 14, best 12"),
    ("at least 2", "true", "at least 2"),
    ("2.5", "false", "2.5"),
    ("2.5", "true", None),
    ("a baker's lot", "true", None),
    ("5 to 3", "true", None),
    ("2 to 4, best 9", "true", None),
    ("{", "true", None),
]


def test_what_is_typed_is_read_back(newsroom):
    client = newsroom.signed_in().client

    for words, people, understood in READ:
        asked = {"words": words, "people": people}
        answer = client.get("/desk/quantity", query_string=asked)
        assert answer.status_code == 200
        assert answer.json["understood"] == understood, words
        assert bool(answer.json["near"]) is (understood is None)
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_question_that_is_none_is_told_so(newsroom):
    browser = newsroom.signed_in()

    for query in ("", "words=", f"words={'9' * 101}", "words=2&people=maybe", "words=2&x=1"):
        assert browser.client.get(f"/desk/quantity?{query}").status_code == 400, query


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("atleast 7", "at least 7"),
        ("roughtly 30", "roughly 30"),
        ("betwen 3 and 5", "between 3 and 5"),
        ("a few of them", "a few"),
        ("whatever this may be", "at least 2"),
    ],
)
def test_words_that_are_none_lead_to_some_that_are(words, near):
    assert near in phrases_near(words)


@pytest.mark.parametrize("words", ["", "x", "12", "7 8 9", "1,000 or so", "N to M", "()[]\\"])
def test_what_is_offered_is_always_understood(words):
    for phrase in phrases_near(words):
        assert read_words(phrase)
