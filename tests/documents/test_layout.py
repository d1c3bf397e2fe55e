from hypothesis import given
from hypothesis import strategies as st

from marketplace.billing.documents.pdf.layout import Room, paginate, wrap


@given(st.text("ab -é", max_size=60), st.integers(1, 12))
def test_words_are_broken_into_lines_that_fit_and_nothing_is_lost(text, width):
    lines = wrap(text, width, len)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_are_broken_between_words_and_a_long_word_inside():
    assert wrap("a bb ccc dddddd e", 4, len) == ["a bb", "ccc", "dddd", "dd e"]
    assert wrap("", 4, len) == [""]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=80), st.integers(0, 12))
def test_rows_keep_their_order_and_their_pages_have_room(heights, end):
    room = Room(first=24, further=30, carried=1, end=end)
    parts = paginate(heights, float, room)
    assert [row for part in parts for row in part.rows] == heights
    assert [part.is_first for part in parts] == [True] + [False] * (len(parts) - 1)
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    for part in parts:
        there = (room.first if part.is_first else room.further - room.carried) - (end if part.is_last else room.carried)
        assert sum(part.rows) <= there
        assert part.rows, "the end never stands alone"
