"""API.md, Everywhere: what a client may keep, and for how long."""

import pytest

from tests.conformance.site import good, killed, problem


@pytest.mark.parametrize("path", ["", "/updates", "/events", "/events/2", "/timemap"])
def test_what_a_client_has_already_is_not_sent_again_until_it_changes(story, path):
    story.tell(killed("1"))
    first = good(story.get(path))

    unchanged = story.get(path, headers={"If-None-Match": first.headers["ETag"]})
    story.tell(killed("2"))
    later = story.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert later.status_code == (304 if path == "/events/2" else 200)


def test_only_what_can_never_change_may_be_kept_for_ever(story):
    receipt = story.tell(killed("1"))

    kept = [story.get(version=2), story.get(as_of=receipt["recorded_at"])]
    open_ones = [story.get(), story.get(published_until="2020-03-11T18:00:00Z")]

    assert {answer.headers["Cache-Control"] for answer in kept} == {
        "public, max-age=31536000, immutable"
    }
    assert {answer.headers["Cache-Control"] for answer in open_ones} == {"no-cache"}


def test_a_tag_of_the_situation_is_the_version_to_append_at(story):
    receipt = story.tell(killed("1"))
    tag = story.get().headers["ETag"]

    answer = story.post({**_update("2")}, If_Match=tag)
    late = story.post({**_update("3")}, If_Match=tag)

    assert tag == f'"{receipt["version"]}"'
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"3"')
    assert (problem(late)["status"], late.headers["ETag"]) == (412, '"3"')


def _update(quantity):
    return {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(quantity)]}
