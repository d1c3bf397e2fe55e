"""Agreement beyond chance, against figures that were worked out elsewhere."""

import pytest

from marketplace.quality.agreement import cohen, fleiss

#: Cohen's textbook table: 20 times both yes, 5 and 10 times apart, 15 times both no
FIFTY = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
#: Fleiss (1971) as told in many books: ten cases, fourteen ratings each, five categories
TEN = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip


def test_cohen_by_the_book():
    found = cohen(FIFTY)
    assert (found.count, found.raw) == (50, pytest.approx(0.7))
    assert found.kappa == pytest.approx(0.4)
    assert found.low < 0.4 < found.high
    assert found.high - found.low == pytest.approx(2 * 1.2816 * 0.128, rel=0.05), "as the large-sample error says"


def test_fleiss_by_the_book():
    cases = [[place for place, number in enumerate(counts) for _ in range(number)] for counts in TEN]
    found = fleiss(cases)
    assert (found.count, round(found.kappa, 3), round(found.raw, 3)) == (10, 0.210, 0.378)


@pytest.mark.parametrize("pairs", [[], [(100, 100)] * 5])
def test_nothing_is_said_where_nothing_can_be(pairs):
    assert cohen(pairs).kappa is None
    assert fleiss(pairs).kappa is None


def test_real_annotators_may_agree_often_and_hardly_beyond_chance():
    """What the papers warn of: 72 percent the same, and a kappa of .16; so both are shown."""
    found = cohen([("real", "real")] * 68 + [("real", "fake")] * 14 + [("fake", "real")] * 14 + [("fake", "fake")] * 4)
    assert (found.raw, round(found.kappa, 1)) == (pytest.approx(0.72), 0.1)
