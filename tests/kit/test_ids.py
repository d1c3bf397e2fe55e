"""Ids sort as they were made, also when many are made at once."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

from marketplace.kit.ids import new_id


def test_an_id_is_a_uuid_of_version_7_with_the_time_in_front():
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_each_is_greater_than_the_one_before_and_the_next_is_not_told():
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert len({later.int - earlier.int for earlier, later in itertools.pairwise(made)}) > 4_000


def test_threads_never_get_the_same():
    with ThreadPoolExecutor(8) as pool:
        made = [each for ids in pool.map(lambda _: [new_id() for _ in range(500)], range(8)) for each in ids]
    assert len(set(made)) == len(made)
