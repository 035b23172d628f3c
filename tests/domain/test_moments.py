"""DOMAIN.md §2 and API.md, Everywhere: times in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.moments import Precision, read_instant, read_moment, read_span, write_instant

FIRST_US, LAST_US = (
    read_instant("0001-01-01T00:00:00Z"),
    read_instant("9999-12-31T23:59:59.999999Z"),
)


@given(st.integers(FIRST_US, LAST_US))
def test_a_moment_written_and_read_again_is_the_same(moment_us):
    assert read_instant(write_instant(moment_us)) == moment_us


def test_an_offset_is_brought_to_utc():
    assert write_instant(read_instant("2020-03-11T19:30:00+03:00")) == "2020-03-11T16:30:00.000000Z"


def test_a_date_counts_as_the_end_of_its_day():
    assert write_instant(read_moment("2020-03-11")) == "2020-03-11T23:59:59.999999Z"


def test_a_month_spans_its_days_in_leap_years_too():
    span = read_span("2020-02")

    assert write_instant(span.first_us) == "2020-02-01T00:00:00.000000Z"
    assert write_instant(span.last_us) == "2020-02-29T23:59:59.999999Z"
    assert span.precision is Precision.MONTH


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-11T17:00:00",
        "2020-03-11 17:00:00Z",
        "2020-W11-3T17:00:00Z",
        "2020-03-11T17:00:00,5Z",
        "2020-03-11T24:00:00Z",
        "2020-03-11T17:00:60Z",
        "2020-02-30",
        "0000-01-01",
        "0001-01-01T00:00:00+05:00",
        "2020-03-11T17:00:00+24:00",
        "20200311",
        "2020-13",
        "٢٠٢٠-03-11",
        "",
    ],
)
def test_what_is_no_rfc_3339_moment_is_refused(text):
    with pytest.raises(ValueError, match=r"no|not"):
        read_span(text)
