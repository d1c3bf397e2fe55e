"""Rows in the order of time: what cannot be read is never among the newest, and what is no time is refused."""

import random

import pytest

from marketplace.quality.evaluation import NoOrder, OneOutcomeToJudge, in_order, judge, split_in_order


def shuffled(values):
    rows = [{"at": value} for value in values]
    random.Random(1).shuffle(rows)
    return rows


@pytest.mark.parametrize("odd", ["nan", "inf", "1e400", "n/a", ""])
@pytest.mark.parametrize("write", [str, lambda place: f"2026-{1 + place // 28:02d}-{1 + place % 28:02d}"])
def test_what_cannot_be_read_goes_first(odd, write):
    values = [write(place) for place in range(300)]
    found = [row["at"] for row in in_order(shuffled([*values, *[odd] * 20]), "at")]
    assert found == [*[odd] * 20, *values]
    newest = [row["at"] for row in split_in_order([{"at": each} for each in found]).judged]
    assert newest == values[-len(newest) :]


@pytest.mark.parametrize("values", [["north", "south"] * 40, [*["7"] * 30, *["nan"] * 30], [""] * 40])
def test_a_column_without_an_order_is_refused(values):
    with pytest.raises(NoOrder):
        in_order(shuffled(values), "at")


def test_one_outcome_among_the_judged_is_told_before_anything_is_learned():
    rows = [{"source": "search", "stage": "Won" if place % 2 and place < 75 else "Lost"} for place in range(100)]
    steps = []
    with pytest.raises(OneOutcomeToJudge):
        judge(split_in_order(rows), "stage", "Won", ["source"], window={}, told=steps.append)
    assert steps == []
