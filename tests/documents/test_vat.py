import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.billing.documents import Treatment
from marketplace.billing.documents.company import BadCompany, read_company, read_rates
from marketplace.billing.documents.models import DocumentKind
from marketplace.billing.documents.rules import vat_of, vat_of_part
from marketplace.billing.documents.vat import Party, Vat, clean_vat_id, vat_between, vat_in

K, T = DocumentKind, Treatment
OURS = Party("Fairlead", "Dublin", "IE", "IE6433435F")
POLISH = Party("Jaźń", "Warszawa", "PL", "PL8567346215")
SMALL_POLISH = Party("Mała", "Warszawa", "PL")
IRISH = Party("Shamrock", "Cork", "IE", "IE6388047V")
AMERICAN = Party("Brightside", "Austin", "US")
RATES = {"IE": 2300, "DE": 1900}


@pytest.mark.parametrize(
    ("supplier", "customer", "rates", "expected"),
    [
        (Party("Fairlead", "", "IE"), POLISH, RATES, Vat(T.NOT_CHARGED)),  # we are not registered
        (OURS, POLISH, RATES, Vat(T.REVERSE_CHARGE)),
        (OURS, SMALL_POLISH, RATES, Vat(T.NOT_CHARGED)),  # a country without a rate
        (OURS, SMALL_POLISH, {"PL": 2300}, Vat(T.INCLUDED, 2300)),
        (OURS, IRISH, RATES, Vat(T.INCLUDED, 2300)),  # at home the reverse charge does not exist
        (OURS, AMERICAN, RATES, Vat(T.NOT_CHARGED)),
        (OURS, IRISH, {}, Vat(T.NOT_CHARGED)),  # an empty table: VAT is not charged
    ],
)
def test_what_a_supply_between_two_says_about_vat(supplier, customer, rates, expected):
    assert vat_between(supplier, customer, rates) == expected


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        (POLISH, Vat(T.REVERSE_CHARGE)),
        (SMALL_POLISH, Vat(T.NOT_CHARGED)),
        (IRISH, Vat(T.INCLUDED, 2300)),
        (AMERICAN, Vat(T.NOT_CHARGED)),
        (Party("Tallgrass", "", "AU", "51824753556"), Vat(T.NOT_CHARGED)),  # registered, but not for our country's VAT
    ],
)
def test_what_an_agency_charges_us(agency, expected):
    assert vat_of(K.SELF_BILL, OURS, agency, RATES) == expected


@pytest.mark.parametrize("kind", [K.RECEIPT, K.STATEMENT])
def test_a_receipt_and_a_statement_are_no_supply(kind):
    assert vat_of(kind, OURS, IRISH, RATES) == Vat(T.NONE)


def test_vat_in_a_price_is_rounded_half_up():
    assert [vat_in(each, 2300) for each in (0, 1, 3, 100, 12_300)] == [0, 0, 1, 19, 2_300]
    assert vat_in(3, 10_000) == 2  # 1.5


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12), st.integers(1, 5_000))
def test_the_vat_of_all_parts_is_the_vat_of_the_whole(parts, rate):
    vat, before, told = Vat(T.INCLUDED, rate), 0, 0
    for part in parts:
        more = vat_of_part(vat, before, part)
        assert 0 <= more <= part
        before, told = before + part, told + more
    assert told == vat_in(sum(parts), rate)


@pytest.mark.parametrize(
    ("typed", "country", "clean"),
    [
        ("pl 856-734-62-15", "PL", "PL8567346215"),
        ("8567346215", "PL", "PL8567346215"),
        ("EL 094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("DE136,695 976", "DE", "DE136695976"),
        ("GB 980 7806 84", "GB", "980780684"),
        ("12-3456789", "US", "123456789"),
    ],
)
def test_numbers_are_brought_into_one_form(typed, country, clean):
    assert clean_vat_id(typed, country) == clean


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("PL8567346216", "PL"),  # a wrong check digit
        ("DE136695976", "PL"),  # of another country
        ("DE13669597", "DE"),
        ("EL094259216", "DE"),
        ("980780685", "GB"),
        ("12", "US"),
        ("1" * 30, "US"),
        ("ŁÓDŹ", "PL"),
        ("", "PL"),
    ],
)
def test_what_cannot_be_a_number_of_the_country_is_refused(typed, country):
    with pytest.raises(ValueError, match=r"too|form"):
        clean_vat_id(typed, country)


def test_our_own_company_is_read_from_the_settings():
    ours = read_company(name="F Ltd", address="Dublin", country="IE", vat_id="6433435F", rates="IE=23, DE = 19.5")
    assert (ours.party.vat_id, ours.rates) == ("IE6433435F", {"IE": 2300, "DE": 1950})
    assert read_rates("") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "Ireland"},
        {"vat_id": "IE1"},
        {"rates": "IE"},
        {"rates": "Ireland=23"},
        {"rates": "IE=0"},
        {"rates": "IE=51"},
        {"rates": "IE=23.333"},
        {"rates": "IE=NaN"},
    ],
)
def test_settings_that_cannot_be_read_stop_the_start(wrong):
    with pytest.raises(BadCompany, match=r"COMPANY|VAT_RATES"):
        read_company(**{"name": "F", "address": "", "country": "IE", "vat_id": "", "rates": "", **wrong})
