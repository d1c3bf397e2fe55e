"""Lists of what is paid by the sale: however long one is, it takes as many questions as a list of one."""

import pytest

from tests.factories.queries import listening
from tests.factories.sales import acquire, offer, report

ONE, MORE = 1, 3


@pytest.fixture
def lived(agency, buyer):
    """Leads of as many listings are bought and sold, and each sale is contested: lived(3)."""

    def live(count):
        for _each in range(count):
            (lead_id,) = offer(agency)
            sale = report(buyer, acquire(buyer, lead_id), 100_00)
            agency.post(f"/sales/{sale['id']}/answers", {"accept": False, "statement": "She bought nothing."})

    return live


def questions(somebody, path):
    asked = []
    with listening(asked):
        items = somebody.get(path)["items"]
    about = [words for _rows, words, _values in asked if "clock_offset" not in words]  # of which only tests know
    return len(items), len(about)


@pytest.mark.parametrize(("reader", "path"), [("buyer", "/orders"), ("agency", "/sales"), ("staff", "/audits")])
def test_a_longer_list_takes_no_more_questions(request, lived, reader, path):
    somebody = request.getfixturevalue(reader)
    lived(ONE)
    of_one = questions(somebody, path)
    lived(MORE)
    assert questions(somebody, path) == (ONE + MORE, of_one[1])


def test_each_of_a_list_is_told_as_it_is_alone(agency, buyer, staff, lived):
    lived(MORE)
    for reader, path, name in ((agency, "/orders", "id"), (buyer, "/sales", "id"), (staff, "/audits", "order_id")):
        for told in reader.get(path)["items"]:
            assert reader.get(f"{path}/{told[name]}").body == told
