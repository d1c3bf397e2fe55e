"""Where a connection is: by files of several makers, and never guessed."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from marketplace.checks import DATA_CENTRES, Code, Outcome, Policy, facts_of, judge
from marketplace.checks.connection import COUNTRY, NETWORK, check_connection
from marketplace.kit import ip_places
from marketplace.kit.i18n import Babel
from marketplace.kit.ip_file import BrokenFile
from marketplace.kit.ip_places import UNKNOWN, Place
from tests.factories.addresses import AT_A_HOST, COUNTRIES, IN_GERMANY, IN_THE_US, NETWORKS, NOWHERE, write_addresses

NOW = datetime(2026, 11, 23, tzinfo=UTC)
P, F, U = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN


@pytest.fixture
def use(tmp_path):
    """Takes records of countries and of networks, and gives what knows them."""

    def use(countries, networks, listed=DATA_CENTRES):
        files = [
            write_addresses(tmp_path / f"{name}.mmdb", records) if records else ""
            for name, records in (("countries", countries), ("networks", networks))
        ]
        ip_places.use_places(*files, listed)
        return ip_places.places()

    app = Flask("places")
    Babel(app)
    with app.app_context():
        yield use


@pytest.mark.parametrize(
    ("place", "stated", "country", "network"),
    [
        (UNKNOWN, "US", U, U),
        (Place("US", is_data_centre=False), "US", P, P),
        (Place("DE", is_data_centre=True), "US", F, F),
        (Place("DE"), "", U, U),
        (Place("PR"), "US", P, U),
        (Place("GB"), "JE", P, U),
        (Place("IM"), "GG", P, U),
        (Place("AX"), "FI", P, U),
        (Place("RE"), "FR", P, U),
        (Place("PR"), "GB", F, U),
    ],
)
def test_what_is_not_known_never_passes(place, stated, country, network):
    assert [result.outcome for result in check_connection(place, stated)] == [country, network]


def test_an_address_is_looked_up_in_the_files(use):
    known = use(COUNTRIES, NETWORKS)
    assert known.place_of(IN_GERMANY) == Place("DE", is_data_centre=False)
    assert known.place_of(AT_A_HOST) == Place("DE", is_data_centre=True, host="Hetzner")
    assert known.place_of(IN_THE_US) == Place("US")
    assert known.place_of("2003:1::7") == Place("DE")
    assert known.place_of(f"::ffff:{IN_GERMANY}").country == "DE"


@pytest.mark.parametrize(
    "address", [NOWHERE, "10.0.0.1", "127.0.0.1", "::1", "fe80::1%eth0", "", "no address", "1.2.3"]
)
def test_what_stands_in_no_file_is_nowhere(use, address):
    assert use(COUNTRIES, NETWORKS).place_of(address) == UNKNOWN


@pytest.mark.parametrize(
    ("record", "place"),
    [
        (
            {"country_code": "FR", "asn": "AS16509", "as_name": "Amazon"},
            Place("FR", is_data_centre=True, host="Amazon"),
        ),
        ({"country": "fr", "asn": 3215, "hosting": True}, Place("FR", is_data_centre=True)),
        ({"country": {"iso_code": "FR"}, "is_hosting_provider": False}, Place("FR", is_data_centre=False)),
        ({"country": {"iso_code": "FR"}, "traits": {"user_type": "hosting"}}, Place("FR", is_data_centre=True)),
    ],
)
def test_the_forms_of_several_makers_are_read_and_one_file_may_hold_both(use, record, place):
    assert use({"2.0.0.0/8": record}, {"2.0.0.0/8": record}).place_of("2.1.1.1") == place


def test_without_a_file_nobody_is_asked(use):
    assert use(None, None) is None


def test_a_replaced_file_is_opened_again_and_a_broken_one_is_not(use, tmp_path):
    assert use(COUNTRIES, None).place_of(IN_GERMANY).country == "DE"
    write_addresses(tmp_path / "countries.mmdb", {"84.128.0.0/10": {"country": {"iso_code": "AT"}}})
    assert ip_places.places().place_of(IN_GERMANY).country == "AT"
    (tmp_path / "broken").write_bytes(b"not what it was")
    (tmp_path / "broken").replace(tmp_path / "countries.mmdb")
    assert ip_places.places().place_of(IN_GERMANY).country == "AT"
    (tmp_path / "countries.mmdb").unlink()
    assert ip_places.places().place_of(IN_GERMANY).country == "AT"


def test_a_file_that_cannot_be_used_stops_the_start_and_is_named(use, tmp_path):
    countries = write_addresses(tmp_path / "c.mmdb", COUNTRIES)
    (tmp_path / "text.mmdb").write_text("no database")
    whole = (tmp_path / "c.mmdb").read_bytes()
    (tmp_path / "half.mmdb").write_bytes(whole[: len(whole) // 2])
    for country, network, sentence in (
        (str(tmp_path / "none.mmdb"), "", "IP_COUNTRY_FILE: there is no file"),
        (str(tmp_path / "text.mmdb"), "", "IP_COUNTRY_FILE: .* is no readable MaxMind database"),
        (str(tmp_path / "half.mmdb"), "", "IP_COUNTRY_FILE: .* is no readable MaxMind database"),
        (countries, countries, "IP_NETWORK_FILE: .* does not hold what this setting is for"),
    ):
        with pytest.raises(BrokenFile, match=sentence):
            ip_places.use_places(country, network, DATA_CENTRES)
    with pytest.raises(BrokenFile, match="DATA_CENTRES_FILE"):
        ip_places.use_places("", "", tmp_path / "text.mmdb")


def test_our_own_list_is_read_and_a_list_of_the_operators_is_used_instead(use, tmp_path):
    ours = ip_places.read_data_centres(DATA_CENTRES)
    assert (len(ours), ours[24940]) == (41, "Hetzner")
    (tmp_path / "list.txt").write_text("# mine\nAS3320 Our own network # a remark\n\n")
    known = use(None, NETWORKS, tmp_path / "list.txt")
    assert known.place_of(IN_GERMANY) == Place(is_data_centre=True, host="Our own network")
    assert known.place_of(AT_A_HOST).is_data_centre is False


def judged(places, **lead):
    lead = {"full_name": "Ann Smith", "email": "ann@gmail.com", "consent": {"text": "I agree to be called."}, **lead}
    verdict = judge(lead, Policy(now=NOW, places=places))
    return {result.check: result for result in verdict.results}, verdict


def test_where_no_country_is_stated_the_phone_is_held_against_the_connections(use):
    known = use(COUNTRIES, NETWORKS)
    assert judged(known, phone="+15124827319", ip=IN_GERMANY)[0]["phone_place"].failed
    assert "phone_place" not in judged(known, phone="+15124827319", ip=IN_GERMANY, country="US")[0]
    assert (
        "phone_place" not in judged(known, phone="+15124827319", ip=IN_THE_US, region="NY")[0]
    )  # a state is uncertain
    assert "phone_place" not in judged(known, phone="+15124827319", ip=NOWHERE)[0]


def test_a_connection_is_said_in_words_and_blocks_nothing(use):
    results, verdict = judged(use(COUNTRIES, NETWORKS), ip=AT_A_HOST, country="US")
    assert (results[COUNTRY].evidence, results[NETWORK].evidence["host"]) == (
        {"rule": "other_country", "country": "DE"},
        "Hetzner",
    )
    assert verdict.accepted
    findings = [
        {"check": each.check, "result": each.outcome.value, "evidence": dict(each.evidence), "reason": None}
        for each in verdict.results
    ]
    device = next(
        fact for fact in facts_of({"marks": {"device": "passed"}, "findings": findings}) if fact.check == "device"
    )
    assert device.evidence == (
        "A person’s browser, filled in at a person’s pace. The connection is in another country than stated. "
        "The connection is a data centre’s."
    )
    assert AT_A_HOST not in str(findings)


@pytest.mark.parametrize("stated", ["Narnia", "N/A", "-", "XX", "UNITED STATES"])
def test_what_is_no_country_is_not_stated_and_costs_nothing_but_a_word(use, stated):
    results, verdict = judged(use(COUNTRIES, NETWORKS), ip=IN_GERMANY, phone="+4915123689047", country=stated)
    assert results[COUNTRY].outcome is U
    assert "phone_place" not in results
    assert (verdict.country, verdict.accepted) == ("DE", True)
    assert [(each.code, each.field) for each in verdict.reasons] == [(Code.FIELD_INVALID, "country")]
    assert "two letters" in verdict.reasons[0].message


@pytest.mark.parametrize(
    ("phone", "country"),
    [("+594594301234", "FR"), ("+441534712345", "GB"), ("+35818123456", "AX"), ("+2976220000", "NL")],
)
def test_a_number_of_a_territory_is_its_states(phone, country):
    assert "phone_place" not in judged(None, phone=phone, country=country)[0]


def test_a_lead_without_a_connection_has_nothing_to_check(use):
    results, _verdict = judged(use(COUNTRIES, NETWORKS))
    assert not {COUNTRY, NETWORK} & set(results)
    results, _verdict = judged(None, ip=IN_GERMANY)
    assert [results[name].outcome for name in (COUNTRY, NETWORK)] == [U, U]
