"""Stored files: sealed piece by piece, and never shorter than they were."""

import contextvars
import io

import pytest

from marketplace.kit import crypto, files
from marketplace.kit.errors import TooLarge

PIECE = 1 << 20
CONTENTS = [b"", b"x", b"x" * PIECE, b"x" * PIECE + b"y", b"abc" * PIECE]


@pytest.fixture
def store(app, tmp_path):
    files.use_store(tmp_path.as_uri())
    return tmp_path


def put(content):
    return files.put("one", io.BytesIO(content), most=1 << 23)


def read():
    with files.open_plain("one") as stream:
        return stream.read()


def ends_of_pieces(stored):
    place = 0
    while place < len(stored):
        place += 4 + int.from_bytes(stored[place : place + 4])
        yield place


@pytest.mark.parametrize("content", CONTENTS, ids=len)
def test_what_was_stored_comes_out_and_is_not_to_be_seen_in_the_store(store, content):
    assert put(content) == len(content)
    assert read() == content
    assert b"xxxx" not in (store / "one").read_bytes()


@pytest.mark.parametrize("content", CONTENTS, ids=len)
def test_a_file_that_was_cut_is_unreadable(store, content):
    put(content)
    stored = (store / "one").read_bytes()
    ends = [0, *ends_of_pieces(stored)]
    for cut in {*ends[:-1], *(end + 2 for end in ends[:-1]), ends[-1] - 1}:
        (store / "one").write_bytes(stored[:cut])
        with pytest.raises(crypto.Unreadable):
            read()


def test_an_open_file_is_read_to_its_end_when_the_request_is_over(store):
    content = b"x" * PIECE * 2
    put(content)
    with files.open_plain("one") as stream:
        assert contextvars.Context().run(stream.read) == content


def test_a_piece_left_out_is_noticed(store):
    put(b"x" * PIECE * 3)
    stored = (store / "one").read_bytes()
    first, second, third = ends_of_pieces(stored)
    for changed in (stored[first:], stored[:first] + stored[second:], stored + stored[second:third]):
        (store / "one").write_bytes(changed)
        with pytest.raises(crypto.Unreadable):
            read()


@pytest.mark.parametrize("size", [0, 1, 4, 30])
def test_bytes_that_were_never_sealed_are_unreadable(store, size):
    put(b"x")
    key_id = (store / "one").read_bytes()[4:7]
    (store / "one").write_bytes(size.to_bytes(4) + key_id[:size].ljust(size, b"x"))
    with pytest.raises(crypto.Unreadable):
        read()


def test_a_file_that_is_too_large_leaves_nothing(store):
    with pytest.raises(TooLarge):
        files.put("one", io.BytesIO(b"x" * (PIECE + 1)), most=PIECE)
    assert not (store / "one").exists()
