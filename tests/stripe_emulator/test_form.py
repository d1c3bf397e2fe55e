from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.form import parse

words = st.text(alphabet="abcdefgh_", min_size=1, max_size=6)
leaves = st.text(max_size=12).filter(lambda text: "\x00" not in text) | st.integers()


def branches(inner):
    return st.lists(inner, min_size=1, max_size=3) | st.dictionaries(words, inner, min_size=1, max_size=3)


def as_text(value):
    if isinstance(value, dict):
        return {name: as_text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value)


@given(st.dictionaries(words, st.recursive(leaves, branches, max_leaves=8), max_size=4))
def test_reads_back_what_the_real_client_encodes(params):
    assert parse(urlencode(list(_api_encode(params)))) == as_text(params)


def test_empty_brackets_append():
    assert parse("expand[]=customer&expand[]=invoice") == {"expand": ["customer", "invoice"]}


@pytest.mark.parametrize(
    "encoded", ["a=1&a[b]=2", "a[b]=2&a=1", "a[=1", "]a=1", "=1", "a" + "[b]" * 40 + "=1", "a=%ff"]
)
def test_refuses_what_makes_no_tree(encoded):
    with pytest.raises(InvalidParameter):
        parse(encoded)
