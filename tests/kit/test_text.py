import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.text import clean_text, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FirstName", "first_name"),
        ("First  Name:", "first name"),
        ("Bachelor's", "bachelors"),
        ("Téléphone", "telephone"),
        ("Źródło", "zrodlo"),
        ("E-Mail", "e mail"),
        ("☎ Contact", "contact"),
    ],
)
def test_spellings_of_one_word_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters()))
def test_clean_text_can_always_be_stored(text):
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
