import pytest
from sqlalchemy import func, select

from marketplace import leads
from marketplace.catalog import VERTICALS
from marketplace.checks import Code
from marketplace.events import Event
from marketplace.kit.db import session, transaction
from marketplace.kit.paging import Ask
from marketplace.leads.reading import DELIMITERS, ENCODINGS, targets
from marketplace.web.file_words import delimiter, encoding, fields_of, row_reason
from tests.factories.files import CONSENT, columns_of, csv_of, name_of, row_of, send
from tests.factories.story import open_listing


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


@pytest.fixture
def waiting(reader, agency, api, run_jobs):
    """A file that waits to be matched: -> the address of its page."""

    def wait(content, **terms):
        place = send(reader, open_listing(api(agency), **terms), content).location
        run_jobs()
        return place

    return wait


def import_of(agency):
    with transaction():
        return leads.imports_for(agency.who, Ask()).items[0]


def test_each_column_shows_its_first_values_its_field_and_how_well_it_fits(reader, waiting):
    rows = [row_of(), row_of(), row_of(phone="12")]
    page = reader.get(waiting(csv_of(*rows)))
    for words in ("Created At", rows[0][4], rows[1][5], "66.7 %", "100.0 %", "all rows"):
        assert words in page.words
    assert columns_of(page)[name_of(page, "Phone")] == "phone"


def test_only_what_is_doubtful_asks_to_be_checked(reader, waiting):
    header = ("Lead ID", "Created At", "First Name", "Last Name", "Phone", "Email", "City", "zzz_custom")
    page = reader.get(waiting(csv_of(row_of(), header=header)))
    assert page.text.count('class="is-ask"') == 1
    assert "1 to check" in page.words
    assert "no field is called like this" in page.words


def test_what_a_person_has_chosen_is_kept_and_asks_no_more(reader, agency, waiting):
    header = ("Lead ID", "Created At", "First Name", "Last Name", "Phone", "Email", "City", "zzz_custom")
    place = waiting(csv_of(row_of(), header=header))
    page = reader.get(place)
    form = {**columns_of(page), name_of(page, "zzz_custom"): "comment"}
    page = reader.follow(reader.post(f"{place}/columns", **form))
    assert page.text.count('class="is-ask"') == 0
    assert import_of(agency).guess["mapping"]["zzz_custom"] == "comment"


def test_two_columns_for_one_field_are_refused_at_the_second(reader, agency, waiting):
    place = waiting(csv_of(row_of()))
    page = reader.get(place)
    form = {**columns_of(page), name_of(page, "City"): "email"}
    for act in ("columns", "start"):
        page = reader.post(f"{place}/{act}", **form)
        assert page.status == 422
        assert "“Email” already fills this field." in page.words
        assert columns_of(page)[name_of(page, "City")] == "email"
    assert import_of(agency).state == "waiting"


def test_without_a_way_to_reach_anybody_it_does_not_start(reader, agency, waiting):
    place = waiting(csv_of(row_of()))
    page = reader.get(place)
    form = {**columns_of(page), name_of(page, "Phone"): "ignore", name_of(page, "Email"): "ignore"}
    page = reader.post(f"{place}/start", **form, **CONSENT)
    assert page.status == 422
    assert "each person must be reachable" in page.words
    reader.post(f"{place}/columns", **form)
    assert "No column holds a phone, an e-mail or a profile link yet." in reader.get(place).words
    assert import_of(agency).state == "waiting"


def test_a_declared_consent_changes_the_forecast_and_is_kept_with_who_said_it(reader, agency, waiting):
    place = waiting(csv_of(row_of(), row_of()))
    assert "Consent for 2 rows without their own" in reader.get(place).words
    page = reader.follow(reader.post(f"{place}/columns", **columns_of(reader.get(place)), **CONSENT))
    assert "2 of 2" in page.words
    assert "Import 2 leads" in page.words
    consent = import_of(agency).consent
    assert (consent["version"], consent["declared_by"]) == ("v4", str(agency.who.user_id))
    reader.post(f"{place}/columns", **columns_of(reader.get(place)), consent_text=CONSENT["consent_text"])
    assert import_of(agency).consent is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"consent_text": "I agree."}, "Tick this to declare the text, or leave the text empty."),
        ({"declared": "1"}, "Say what each of them agreed to."),
        ({"consent_text": "x" * 2001, "declared": "1"}, "Write at most 2,000 characters."),
        ({"consent_text": "I agree.", "consent_method": "telepathy", "declared": "1"}, "Choose one from the list."),
    ],
)
def test_a_consent_that_is_half_declared_stops_the_start_and_is_shown_again(reader, agency, waiting, said, words):
    place = waiting(csv_of(row_of()))
    page = reader.post(f"{place}/start", **columns_of(reader.get(place)), **said)
    assert page.status == 422
    assert words in page.words
    assert said.get("consent_text", "")[:50] in page.text
    assert import_of(agency).state == "waiting"


def test_a_file_with_its_own_consent_needs_no_declaration(reader, waiting):
    header = ("Lead ID", "Created At", "First Name", "Last Name", "Phone", "Email", "City", "consent_text")
    rows = [[*row_of()[:7], "I agree to be called about courses"] for _ in range(2)]
    page = reader.get(waiting(csv_of(*rows, header=header)))
    assert "Every row looked at has its own consent" in page.words
    assert "Import 2 leads" in page.words


def test_a_long_file_is_forecast_by_its_first_rows_and_runs_whole(reader, waiting):
    place = waiting(csv_of(*(row_of() for _ in range(230))))
    page = reader.follow(reader.post(f"{place}/columns", **columns_of(reader.get(place)), **CONSENT))
    assert "first 200 rows" in page.words
    assert "Import 230 rows" in page.words


def test_a_file_read_in_another_way_is_looked_at_again(reader, agency, waiting):
    place = waiting(csv_of(*(row_of(city="a|b") for _ in range(3))))
    page = reader.follow(reader.post(f"{place}/reading", delimiter="u007c"))
    assert "Delimiter bar" in page.words
    assert "2 columns" in page.words
    page = reader.follow(reader.post(f"{place}/reading", delimiter="u002c"))
    assert "8 columns" in page.words
    page = reader.follow(reader.post(f"{place}/reading", header_row="0"))
    assert "Column 3" in page.words
    assert import_of(agency).rows == 4
    page = reader.follow(reader.post(f"{place}/reading", encoding="cp1251"))
    assert "Encoding Windows-1251, Cyrillic" in page.words


def test_what_a_person_said_about_columns_survives_another_country_for_the_phones(reader, agency, waiting):
    place = waiting(csv_of(row_of(phone="512 345 678"), row_of(phone="601 234 567")))
    page = reader.get(place)
    reader.post(f"{place}/columns", **{**columns_of(page), name_of(page, "Notes"): "ignore"})
    page = reader.follow(reader.post(f"{place}/reading", default_country="PL"))
    assert "Phones Poland" in page.words
    assert columns_of(page)[name_of(page, "Notes")] == "ignore"
    assert "100.0 %" in page.words


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"header_row": "40"}, "Line 40 holds no column names."),
        ({"delimiter": "u0022"}, "A delimiter is one sign, and no quote."),
        ({"encoding": "klingon"}, "The encoding klingon is not known."),
        ({"default_country": "XX"}, "Give the country as two letters"),
        ({"delimiter": "tab"}, "Not a valid string."),
    ],
)
def test_a_wish_that_does_not_fit_the_file_is_refused_in_words(reader, agency, waiting, wish, words):
    place = waiting(csv_of(row_of()))
    before = import_of(agency).guess
    page = reader.post(f"{place}/reading", **wish)
    assert page.status == 422
    assert words in page.words
    assert import_of(agency).guess == before


def test_a_form_for_other_columns_than_the_file_has_now_changes_nothing(reader, agency, waiting):
    place = waiting(csv_of(row_of()))
    old = columns_of(reader.get(place))
    reader.post(f"{place}/reading", header_row="0")
    for act in ("columns", "start"):
        assert reader.post(f"{place}/{act}", **old, **CONSENT).status == 409
    assert import_of(agency).state == "waiting"


def test_two_clicks_start_it_once(reader, agency, waiting):
    place = waiting(csv_of(row_of()))
    form = columns_of(reader.get(place))
    for _ in range(2):
        assert reader.post(f"{place}/start", **form, **CONSENT).location == place
    started = select(func.count()).select_from(Event).where(Event.name == "import.started")
    assert session().scalar(started) == 1


def test_a_listing_that_was_closed_meanwhile_does_not_take_the_file(reader, agency, waiting):
    place = waiting(csv_of(row_of()))
    reader.post(f"/listings/{import_of(agency).listing_id}/state", state="paused")
    page = reader.follow(reader.post(f"{place}/start", **columns_of(reader.get(place)), **CONSENT))
    assert "is not accepting leads" in page.words
    assert import_of(agency).state == "waiting"


def test_everything_that_a_file_can_be_has_words_of_its_own(app):
    with app.test_request_context():
        for trade in VERTICALS.values():
            offered = fields_of(trade)
            flat = [offered[0], *(one for _title, group in offered[1:] for one in group)]
            assert {value for value, _words in flat} == set(targets(trade.fields))
            assert all(words for _value, words in flat)
            for code in Code:
                reason = row_reason(code.value, trade)
                assert reason.title != code.value
                assert reason.advice
        assert not [name for name in ENCODINGS if encoding(name) == name]
        assert not [sign for sign in DELIMITERS if delimiter(sign) == sign]
