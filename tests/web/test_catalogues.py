"""Whether each catalogue says all that the pages say, and no more."""

import re

import pytest

from checks.tongues import is_said, messages, read
from service.web.tongues.catalogues import FOLDER, SCRIPT, tongues
from service.web.tongues.vocabularies import VOCABULARIES, english

CATALOGUES = sorted(FOLDER.glob("*.po"))
PLACES = re.compile(r"%\(\w+\)s|%.")
MARKUP = re.compile(r"[<>&]")


def named(message):
    return message.context, message.id


def forms(texts):
    return [texts] if isinstance(texts, str) else list(texts)


def places(text):
    """What is filled in, but for numbers: one and two are words of their own in some languages."""
    return set(PLACES.findall(text)) - {"%(num)s", "%(count)s"}


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.stem)
def catalogue(request):
    return [message for message in read(request.param) if message.id]


def test_a_catalogue_has_the_messages_of_the_pages_and_no_others(catalogue):
    told = {named(message) for message in catalogue}
    found = {named(message) for message in messages() if message.id}

    assert len(found) > 700
    assert told == found


def test_every_message_is_said_in_every_form_and_nobody_doubts_it(catalogue):
    assert [named(one) for one in catalogue if one.fuzzy or not is_said(one)] == []


def test_what_is_filled_in_is_filled_in_wherever_a_message_is_said(catalogue):
    wrong = [
        named(one)
        for one in catalogue
        for said in forms(one.string)
        if places(said) != places(forms(one.id)[-1])
    ]

    assert wrong == []


def test_no_message_brings_markup_or_ends_an_attribute(catalogue):
    """What templates mark as a message is put into pages as it is."""
    wrong = [
        named(one)
        for one in catalogue
        for said in forms(one.string)
        if MARKUP.search(said) or said.count('"') > forms(one.id)[0].count('"')
    ]

    assert wrong == []


def test_every_word_of_the_vocabularies_is_in_another_language_another_word():
    arabic = tongues()["ar"].translations

    untold = [
        (name, word)
        for name, words in VOCABULARIES.items()
        for word in words
        if arabic.pgettext(name, english(name, word)) == english(name, word)
    ]

    assert sum(map(len, VOCABULARIES.values())) > 200
    assert untold == []


def test_a_number_takes_the_form_that_its_language_has_for_it():
    arabic = tongues()["ar"]
    many = "%(num)s new updates have been recorded."
    one = "%(num)s new update has been recorded."

    told = [arabic.translations.npgettext(SCRIPT, one, many, n) for n in (0, 1, 2, 5, 11, 100, 105)]
    by_scripts = arabic.texts[many]

    assert len(set(told[:6])) == 6
    assert told[3] == told[6]
    kinds = ("zero", "one", "two", "few", "many", "other")
    assert [by_scripts[kind] for kind in kinds] == told[:6]
    assert {"0", "1", "2", "5"}.isdisjoint("".join(told[:4]))
