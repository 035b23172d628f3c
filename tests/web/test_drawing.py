"""Where things stand in a chart."""

from datetime import UTC, datetime, timedelta

import pytest

from service.web.scales import Scale, moments, numbers

MARCH = datetime(2020, 3, 11, 17, 0, tzinfo=UTC)


def test_a_scale_maps_ends_to_ends():
    scale = Scale(10, 20, 100, 300)

    assert [scale.at(value) for value in (10, 15, 20)] == [100, 200, 300]
    assert Scale(5, 5, 100, 300).at(5) == 100


@pytest.mark.parametrize(
    ("most", "written"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (3.24, ["0", "1", "2", "3", "4"]),
        (17, ["0", "5", "10", "15", "20"]),
        (2_345, ["0", "500", "1,000", "1,500", "2,000", "2,500"]),
        (1_000_000, ["0", "200,000", "400,000", "600,000", "800,000", "1,000,000"]),
    ],
)
def test_numbers_are_round_and_reach_the_most(most, written):
    ticks = numbers(most)

    assert [tick.words for tick in ticks] == written
    assert ticks[-1].value >= most


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(0), ["17:00:00"]),
        (timedelta(seconds=3), ["17:00:00", "17:00:03"]),
        (timedelta(minutes=25), ["11 Mar, 17:00", "17:05", "17:10", "17:15", "17:20", "17:25"]),
        (timedelta(hours=9), ["11 Mar, 18:00", "20:00", "22:00", "12 Mar, 00:00", "02:00"]),
        (timedelta(days=4), ["12 Mar", "13 Mar", "14 Mar", "15 Mar"]),
        (timedelta(days=150), ["Apr 2020", "May 2020", "Jun 2020", "Jul 2020", "Aug 2020"]),
        (timedelta(days=2000), ["2021", "2022", "2023", "2024", "2025"]),
    ],
)
def test_moments_are_round_and_lie_between(span, written):
    ticks = moments(MARCH, MARCH + span)

    assert [tick.words for tick in ticks] == written
    assert all(MARCH.timestamp() <= tick.value <= (MARCH + span).timestamp() for tick in ticks)


@pytest.mark.parametrize("days", [0, 1, 3, 10, 40, 100, 400, 1_000, 10_000, 300_000])
def test_an_axis_is_never_crowded(days):
    assert len(moments(MARCH, MARCH + timedelta(days=days))) <= 12
