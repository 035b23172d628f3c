"""Pages over thin lines."""

import gzip

import pytest

from tests.histories import killed, told

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path", ["/", "/incidents/taji", "/static/sitrep.css", "/incidents/taji/chart.svg"]
)
def test_a_page_is_packed_for_whoever_takes_it_so(reader, tell, path):
    tell("taji", told("afp", killed(2)))

    plain = reader.get(path, buffered=True)
    packed = reader.get(path, headers=PACKED, buffered=True)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in plain.headers
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


@pytest.mark.parametrize("path", ["/", "/incidents/taji", "/static/sitrep.css"])
def test_a_packed_page_is_not_sent_again_unchanged(reader, tell, path):
    tell("taji", told("afp", killed(2)))
    tag = reader.get(path, headers=PACKED, buffered=True).headers["ETag"]

    again = reader.get(path, headers={**PACKED, "If-None-Match": tag}, buffered=True)
    plainly = reader.get(path, headers={"If-None-Match": tag}, buffered=True)

    assert tag.startswith('W/"')
    assert [again.status_code, plainly.status_code] == [304, 304]


@pytest.mark.parametrize("refused", ["", "identity", "gzip;q=0"])
def test_whoever_does_not_take_it_gets_it_plain(reader, tell, refused):
    tell("taji", told("afp", killed(2)))

    assert "Content-Encoding" not in reader.get("/", headers={"Accept-Encoding": refused}).headers


def test_what_is_private_is_not_packed(reader, tell, store):
    tell("taji", told("afp", killed(2)))
    key = {"Authorization": f"Bearer {store.add_key('ada', 'editor')}"}

    page = reader.get("/incidents/taji", headers={**PACKED, **key})

    assert "Content-Encoding" not in page.headers
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_api_is_not_packed(reader, tell):
    tell("taji", told("afp", killed(2)))

    assert "Content-Encoding" not in reader.get("/v1/incidents/taji", headers=PACKED).headers
