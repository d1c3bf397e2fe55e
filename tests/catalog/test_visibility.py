"""What a grade is worth in the catalogue's order, as a span of time."""

from datetime import timedelta

import pytest

from marketplace.catalog.visibility import head_start


@pytest.mark.parametrize(
    ("visibility_bp", "hours"),
    [(12_000, 6.3), (10_000, 0), (8_500, -5.6), (8_000, -7.7), (6_000, -17.7), (3_000, -41.7), (20_000, 24)],
)
def test_a_visibility_counts_as_hours(visibility_bp, hours):
    assert round(head_start(visibility_bp) / timedelta(hours=1), 1) == hours


def test_what_is_hardly_shown_at_all_has_a_place_too():
    assert head_start(0) == head_start(100) == timedelta(seconds=-574_029)
