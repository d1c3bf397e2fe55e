"""Files whose rows each name an order."""

import tracemalloc

import pytest

from marketplace.kit.errors import Invalid
from marketplace.orders.files import lines_of


@pytest.mark.usefixtures("app")
def test_a_file_with_too_many_rows_is_not_read_to_its_end():
    content = b"order_id,stage\n" + b"a,\n" * 100_000
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match=r"can have 1,?000 rows"):
            lines_of(content, ("stage",), {})
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
