"""Sales of many leads at once, by API and by file: each row has its own result, and the same rows change nothing."""

import io

import pytest

from tests.factories.people import make_person
from tests.factories.sales import acquire, offer, usd


@pytest.fixture
def orders(agency, buyer):
    leads = offer(agency, count=4)
    return list(zip(leads, [acquire(buyer, lead) for lead in leads], strict=True))


def send(buyer, lines):
    content = "\n".join(lines).encode()
    return buyer.post("/sales/files", form={"file": (io.BytesIO(content), "sales.csv")})


def outcomes(answer):
    return [
        (item["status"], [(reason["code"], reason["field"]) for reason in item["reasons"]]) for item in answer["items"]
    ]


def test_a_file_names_orders_or_leads_and_a_bad_row_stops_no_other(buyer, orders, holds):
    (lead, first), (_lead, second), (_other, third), _rest = orders
    lines = [
        "order_id,lead_id,amount,currency,at,repeat,reference,no_sale,note",
        f'{first},,"1,000.50",USD,,no,INV-1,,',
        f",{lead},1000.50,usd,,,INV-1,,",
        f"{second},,about ten,,,,,,",
        f"{third},,,,,,,price,too dear",
        "nonsense,,5,,,,,,",
        f"{second},,5,EUR,,,,,",
        f"{second},,5,,31.02.2026,,,,",
        f"{second},,5,,,perhaps,,,",
        f"{second},,,,,,,,",
        f"{second},,,,,,,bored,",
    ]
    sent = send(buyer, lines)
    assert sent.status == 201, sent.body
    assert outcomes(sent) == [
        ("accepted", []),
        ("accepted", []),
        ("rejected", [("invalid", "amount")]),
        ("accepted", []),
        ("rejected", [("invalid", "order_id")]),
        ("rejected", [("wrong_sale", "amount")]),
        ("rejected", [("invalid", "at")]),
        ("rejected", [("invalid", "repeat")]),
        ("rejected", [("invalid", "amount")]),
        ("rejected", [("invalid", "no_sale")]),
    ]
    assert [item["line"] for item in sent["items"]] == list(range(2, 12))
    assert sent["items"][0]["sale_id"] == sent["items"][1]["sale_id"]
    (sale,) = buyer.get("/sales")["items"]
    assert (sale["amount"], sale["reference"], sale["reported_via"]) == (usd(1_000_50), "INV-1", "file")
    assert buyer.get(f"/orders/{third}")["state"] == "no_sale_claimed"
    assert outcomes(send(buyer, lines)) == outcomes(sent)
    assert len(buyer.get("/sales")["items"]) == 1
    assert holds() == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"amount\n5\n", "Name the columns"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not a table"),
        (b"order_id,amount\n" + b"x,1\n" * 1_001, "1000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(buyer, content, words):
    refused = buyer.post("/sales/files", form={"file": (io.BytesIO(content), "sales.csv")})
    assert refused.status == 422
    assert words in refused.body["error"]["fields"]["file"]


def test_one_address_takes_one_row_or_many(buyer, orders):
    (lead, _first), (_lead, second), (_other, third), _rest = orders
    one = buyer.post("/sales", {"lead_id": lead, "amount": usd(5_00)})
    assert (one.status, outcomes(one)) == (201, [("accepted", [])])
    many = buyer.post(
        "/sales",
        [
            {"order_id": second, "no_sale": "not_reached"},
            {"order_id": third, "amount": usd(5_00), "no_sale": "price"},
            {"order_id": third, "lead_id": lead, "amount": usd(5_00)},
            {"amount": usd(5_00)},
            "nonsense",
            {"order_id": third, "amount": usd(5_00), "unknown": 1},
        ],
    )
    assert [status for status, _reasons in outcomes(many)] == ["accepted"] + ["rejected"] * 5
    for wrong in ([], [{"amount": usd(1)}] * 1_001):
        assert buyer.post("/sales", wrong).status == 422


def test_rows_about_leads_of_others_are_not_found(buyer, orders, api):
    other = api(make_person("buyer"))
    told = other.post("/sales", [{"order_id": orders[0][1], "amount": usd(5_00)}])
    assert (told.status, outcomes(told)) == (200, [("rejected", [("not_found", "")])])
    assert buyer.get("/sales")["items"] == []


def test_the_same_request_again_is_done_once(buyer, orders):
    row = [{"order_id": orders[0][1], "amount": usd(5_00)}]
    assert buyer.post("/sales", row, idem="one").body == buyer.post("/sales", row, idem="one").body
    assert len(buyer.get("/sales")["items"]) == 1
