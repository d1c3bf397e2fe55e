import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.catalog.fields import Choice, Field
from marketplace.leads.reading import (
    AMBER,
    IGNORE,
    FitCounter,
    Layout,
    guess_mapping,
    mapping_problems,
    targets,
)

LEVELS = (Choice("ba", "Bachelor's degree"), Choice("ged", "High school / GED"))
FIELDS = (
    Field("subject", "Subject", "text"),
    Field("education_level", "Education level", "choice", choices=LEVELS),
    Field("own_house", "Own house", "yes_no"),
    Field("average_bill", "Power bill", "number"),
)
META = {
    "id": ["l:1054074580940001", "l:1054074580940002"],
    "created_time": ["2026-08-31T11:18:23+05:30", "2026-08-30T21:52:28+05:30"],
    "ad_id": ["ag:120256484320001", "ag:120256484320001"],
    "ad_name": ["Autumn", "Autumn"],
    "adset_id": ["as:120256484320002", "as:120256484320002"],
    "adset_name": ["Autumn wide", "Autumn wide"],
    "campaign_id": ["c:120256484320003", "c:120256484320003"],
    "campaign_name": ["Autumn courses", "Autumn courses"],
    "form_id": ["f:2295576760970001", "f:2295576760970001"],
    "form_name": ["Courses", "Courses"],
    "is_organic": ["FALSE", "FALSE"],
    "platform": ["fb", "ig"],
    "which_subject_do_you_want_to_learn?": ["piano", "dance_basics"],
    "full_name": ["Marta Quill", "Sam O. Reyes"],
    "phone_number": ["p:+12127365000", "p:+442079460018"],
    "email": ["marta@quill.com", "sam@reyes.com"],
    "education_level": ["Bachelor's degree", "High school / GED"],
}


def guess(columns, fields=(), country="US"):
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return guess_mapping(list(columns), rows, fields, country)


def filled(columns, fields=(), country="US"):
    return {header: target for header, target in guess(columns, fields, country).mapping.items() if target != IGNORE}


def test_an_export_of_meta_is_recognised_and_matched_as_a_whole():
    found = guess(META, FIELDS, None)
    assert found.layout_name == "Meta lead ads export"
    assert filled(META, FIELDS) == {
        "id": "external_id",
        "created_time": "submitted_at",
        "adset_id": "sub_id",
        "campaign_name": "campaign",
        "platform": "channel",
        "which_subject_do_you_want_to_learn?": "answers.subject",
        "full_name": "full_name",
        "phone_number": "phone",
        "email": "email",
        "education_level": "answers.education_level",
    }
    assert found.confidence >= 0.9


def test_the_page_is_told_what_to_look_at():
    columns = {guess.header: guess for guess in guess(META, FIELDS).columns}
    assert columns["platform"].doubtful
    assert "social" in columns["platform"].note
    assert "p:" in columns["phone_number"].note
    assert not columns["email"].doubtful


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Имя": ["Анна"], "Фамилия": ["Сидорова"], "Телефон": ["+79161234509"], "Эл. почта": ["a@b.ru"],
          "Город": ["Казань"]},
         ["first_name", "last_name", "phone", "email", "city"]),
        ({"Имя": ["Анна Сидорова"], "Номер телефона": ["89161234509"], "Дата": ["31.08.2026"]},
         ["full_name", "phone", "submitted_at"]),
        ({"Imię": ["Anna"], "Nazwisko": ["Kowalska"], "Numer telefonu": ["601 234 509"], "Kod pocztowy": ["80-001"]},
         ["first_name", "last_name", "phone", "postal_code"]),
        ({"Nombre": ["Ana"], "Apellidos": ["Ruiz Gil"], "Correo electrónico": ["a@b.es"],
          "Teléfono": ["+34 612 345 608"]},
         ["first_name", "last_name", "email", "phone"]),
        ({"Vorname": ["Hans"], "Nachname": ["Müller"], "PLZ": ["10115"], "Ort": ["Berlin"], "E-Mail": ["h@m.de"]},
         ["first_name", "last_name", "postal_code", "city", "email"]),
        ({"Nom": ["Lefèvre"], "Prénom": ["Anne"], "Téléphone": ["06 12 34 56 08"], "Courriel": ["a@b.fr"]},
         ["last_name", "first_name", "phone", "email"]),
        ({"Nom": ["Anne Lefèvre"], "Téléphone": ["06 12 34 56 08"]}, ["full_name", "phone"]),
        ({"الاسم": ["محمد أحمد"], "البريد": ["m@a.ae"], "الهاتف": ["+971 50 123 4508"]},
         ["full_name", "email", "phone"]),
        ({"First Name": ["Ann"], "Surname": ["Lee"], "Mobile": ["212 736 5000"], "Zip Code": ["10001"],
          "State": ["NY"]},
         ["first_name", "last_name", "phone", "postal_code", "region"]),
        ({"Name": ["Ann"], "Surname": ["Lee"], "Tel": ["212 736 5000"]}, ["first_name", "last_name", "phone"]),
        ({"Phone Numbr": ["212 736 5000"], "E-mial": ["a@b.com"], "name": ["Ann Lee"]},
         ["phone", "email", "full_name"]),
        ({"IP Address": ["203.0.113.7"], "User Agent": ["Mozilla/5.0 (X11)"], "Landing page": ["https://a.com/x"]},
         ["ip", "user_agent", "page_url"]),
        ({"xxTrustedFormCertUrl": ["https://cert.trustedform.com/0123456789abcdef"],
          "tcpa_text": ["I agree that they may call me"]},
         ["consent.token", "consent.text"]),
        ({"utm_source": ["google"], "utm_campaign": ["solar"], "Best time to call": ["evenings"],
          "Notes": ["has a dog"]},
         ["traffic_source", "campaign", "preferred_call_time", "comment"]),
    ],
)  # fmt: skip
def test_columns_are_matched_in_many_languages_and_spellings(columns, expected):
    assert list(guess(columns, country="US").mapping.values()) == expected


def test_values_speak_where_names_do_not():
    found = filled(
        {"c1": ["m@quill.com", "s@reyes.com"], "c2": ["(212) 736-5000", "212-736-5001"], "c3": ["203.0.113.7", "::1"]}
    )
    assert found == {"c1": "email", "c2": "phone", "c3": "ip"}


def test_values_overrule_a_name_that_lies():
    found = filled({"Email": ["Ann Lee", "Bob Ray"], "Contact": ["a@lee.com", "b@ray.com"]})
    assert found["Contact"] == "email"


@pytest.mark.parametrize(
    "header", ["Contact owner", "Lead Owner", "Sales Rep", "Agent Email", "Assigned to", "Ответственный", "Manager"]
)
def test_a_colleague_is_never_taken_for_the_lead(header):
    columns = {header: ["boss@agency.com", "boss@agency.com"], "Note": ["x", "y"]}
    assert filled(columns).get(header) is None


@pytest.mark.parametrize(
    "header", ["form_id", "ad_id", "Form ID", "campaign id", "Account ID", "Company name", "campaign_name", "page name"]
)
def test_ids_and_names_of_things_are_not_the_leads(header):
    found = filled({header: ["2295576760970001", "2295576760970002"]})
    assert found.get(header) not in {"external_id", "full_name", "first_name", "phone"}


def test_each_field_is_filled_by_one_column_and_the_fuller_one_wins():
    found = guess(
        {
            "Contact": ["212 736 5000", "212 736 5001"],
            "Whatsapp Number": ["212 736 5000", ""],
            "Name": ["Ann Lee", "Bo Ray"],
        }
    )
    assert found.mapping["Contact"] == "phone"
    assert found.mapping["Whatsapp Number"] == IGNORE
    assert "another column" in found.columns[1].note


def test_a_column_nobody_knows_is_left_out_in_amber():
    column = guess({"shoe size": ["44", "45"]}).columns[0]
    assert (column.target, column.doubtful) == (IGNORE, True)
    assert column.confidence < AMBER


def test_answers_are_found_by_the_words_of_their_question():
    columns = {
        "do_you_own_your_house?": ["yes", "no"],
        "Power bill (monthly)": ["$180-220", "310"],
        "own house": ["yes", "no"],
    }
    found = guess(columns, FIELDS)
    assert found.mapping["Power bill (monthly)"] == "answers.average_bill"
    assert found.mapping["own house"] == "answers.own_house"
    assert "middle" in found.columns[1].note


def test_the_whole_is_doubted_when_nobody_could_be_reached():
    assert guess({"Name": ["Ann Lee"], "City": ["Austin"]}).confidence < 0.5


def test_the_order_of_dates_comes_with_the_guess():
    assert guess({"Create Date": ["1/2/2026", "15/3/2026"]}).date_order.order == "dmy"


def test_a_guess_goes_to_the_page_as_plain_data():
    plain = guess(META, FIELDS).to_json()
    assert plain["mapping"]["email"] == "email"
    assert plain["columns"][0].keys() >= {"header", "target", "fit", "confidence", "note", "doubtful"}


def test_a_corrected_mapping_is_held_to_the_file_and_to_the_vertical():
    layout = Layout("utf-8", ",", 1, ("a", "b", "c"))
    problems = mapping_problems({"a": "email", "b": "email", "c": "answers.shoe", "d": "phone"}, layout, FIELDS)
    assert set(problems) == {"b", "c", "d"}
    assert "a" in problems["b"]
    assert mapping_problems({"a": "email", "b": IGNORE, "c": IGNORE}, layout, FIELDS) == {}


def test_the_targets_of_a_vertical_begin_with_leaving_out():
    assert targets(FIELDS)[0] == IGNORE
    assert "answers.own_house" in targets(FIELDS)


def test_fits_are_counted_over_all_rows_in_one_pass():
    layout = Layout("utf-8", ",", 1, ("phone", "bill", "skip", "empty"))
    counter = FitCounter(
        {"phone": "phone", "bill": "answers.average_bill", "skip": IGNORE, "empty": "city"}, layout, FIELDS, "US"
    )
    for cells in (["212 736 5000", "$10-20", "x", ""], ["555", "many", "y"], ["p:+12127365001", ""]):
        counter.add(cells)
    assert counter.fits() == {"phone": pytest.approx(2 / 3), "bill": 0.5, "empty": None}


@settings(max_examples=60)
@given(
    st.lists(st.text(max_size=15), min_size=1, max_size=5, unique=True),
    st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=4),
)
def test_any_table_gets_a_guess_with_each_target_once(headers, rows):
    found = guess_mapping(headers, rows, FIELDS, None)
    used = [column.target for column in found.columns if column.target != IGNORE]
    assert len(used) == len(set(used))
    assert len(found.columns) == len(headers)
    assert all(0 <= column.confidence <= 1 and 0 <= column.fit <= 1 for column in found.columns)
