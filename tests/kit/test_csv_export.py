import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.csv_export import FORMULA_SIGNS, csv_chunks, safe_cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "=cmd|' /C calc'!A0",
        " =1+1",
        "-x",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["+447700900107", "-5", "-12.50", "-1,5", "Ann", "", "a=b", "1+1"])
def test_phones_numbers_and_words_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_phone_or_a_number(text):
    cell = safe_cell(text)
    assert cell[:1] not in set(FORMULA_SIGNS) or cell[1:].replace(".", "").replace(",", "").isdigit()


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_what_is_written_can_be_read_again(rows):
    text = b"".join(csv_chunks(["a", "b"], rows, chunk_rows=2)).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[1:] == [[safe_cell(cell) for cell in row] for row in rows]
