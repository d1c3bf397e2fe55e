import pytest

from marketplace.kit.money import Money, parse_money


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("25", "USD", 2500),
        (" 1,250.50 ", "EUR", 125_050),
        ("1200", "JPY", 1200),
        ("1.234", "TND", 1234),
        ("0", "USD", 0),
    ],
)
def test_an_amount_is_read_to_the_smallest_unit(text, currency, amount):
    assert parse_money(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    ["", "ten", "12,5", "1.005", "NaN", "Infinity", "1e999999999", "-1e999999999", "1e-999999999", "9" * 5000],
)
def test_what_is_no_amount_is_refused_at_once(text):
    with pytest.raises(ValueError, match=r"."):
        parse_money(text, "USD")
