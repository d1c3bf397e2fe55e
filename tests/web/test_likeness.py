"""The same person with slips from the same agency: found, said and counted, and never turned down for it."""

from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from marketplace.events import SYSTEM
from marketplace.kit.db import session, transaction
from marketplace.leads import likeness
from marketplace.leads.jobs import forget_traces
from marketplace.leads.likeness import LikenessKey
from marketplace.leads.mending import Mended, mend
from marketplace.leads.models import ContactComparison, Lead
from tests.factories.files import CONSENT, columns_of, csv_of, send
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.story import open_listing, put_on_sale

OLGA = {"first_name": "Olga", "last_name": "Brennan", "phone": "+15122365174", "email": "olga.brennan@example.com"}
#: a digit of the phone, a letter of the name and the mailbox are others
SLIPS = {"first_name": "Olga", "last_name": "Brenan", "phone": "+15122365175", "email": "olgabrennan7@example.com"}
HANNO = {"first_name": "Hanno", "last_name": "Iyer", "phone": "+15124827319", "email": "hanno@example.com"}


@pytest.fixture
def person(app):
    return make_person("agency")


@pytest.fixture
def agency(api, person):
    return api(person)


def marked(agency, lead_id):
    lead = agency.get(f"/leads/{lead_id}")
    finding = next((each for each in lead["findings"] if each["check"] == "duplicate"), None)
    return next(mark["result"] for mark in lead["checks"] if mark["check"] == "duplicate"), finding


def acts():
    """What was opened to compare it, by act: the agency's id, and the leads."""
    with transaction():
        rows = session().execute(select(ContactComparison.agency_id, ContactComparison.lead_ids))
        return [(agency_id, set(lead_ids)) for agency_id, lead_ids in rows]


def opened():
    return [lead_id for _agency_id, lead_ids in acts() for lead_id in lead_ids]


def test_the_same_person_with_slips_is_taken_and_says_so(app, api, agency, visit, person, clock):
    listing = open_listing(agency)
    first = agency.post(f"/listings/{listing}/leads", make_lead(**OLGA))["items"][0]
    clock.advance(days=10)
    again = agency.post(f"/listings/{listing}/leads", make_lead(**SLIPS))["items"][0]
    assert (again["status"], again["reasons"]) == ("accepted", []), "no reason to turn it down"
    assert marked(agency, first["id"]) == ("passed", None)
    result, finding = marked(agency, again["id"])
    assert (result, finding["method"], finding["reason"]) == ("failed", "likeness", None)
    percent = int(finding["evidence"].pop("percent"))
    assert 90 <= percent < 100
    assert finding["evidence"] == {"rule": "very_alike", "parts": "name, email, phone, postcode", "like": first["id"]}
    run_jobs(app)
    score = agency.get(f"/leads/{again['id']}/score")
    assert ("duplicate_fuzzy", 2.0) in [(reason["code"], reason["points"]) for reason in score["reasons"]]
    page = visit(person).get(f"/leads/{again['id']}")
    assert f"Alike: name, e-mail, phone, postal code. {percent} percent likely one person." in page.words
    assert f'href="/leads/{first["id"]}"' in page.text
    masked = api(make_person("buyer")).get(f"/catalog/leads/{again['id']}")
    assert {"check": "duplicate", "result": "failed"} in masked["checks"]
    assert first["id"] not in masked.text


@pytest.mark.parametrize(
    ("known", "sent", "result"),
    [
        pytest.param({}, {"email": "o.b@mail.example", "phone": "+13052365188"}, "unknown", id="perhaps"),
        pytest.param(
            {},
            {"last_name": "Iyer", "phone": "+13052365188", "email": "oi@web.example"},
            "passed",
            id="a first name of the same place",
        ),
        pytest.param(
            {"street": "12 Birch Lane"},
            {"street": "12 Birch Lane", "first_name": "Hanno", "phone": "+15122365175"},
            "passed",
            id="one household",
        ),
        pytest.param({}, {**HANNO, "postal_code": "78701"}, "passed", id="somebody else"),
        pytest.param(
            {}, {**SLIPS, "first_name": "Brenan", "last_name": "Olga"}, "failed", id="names in the other order"
        ),
        pytest.param(
            {"first_name": None, "last_name": None, "full_name": "Olga Brennan"}, SLIPS, "failed", id="one name of two"
        ),
        pytest.param({"postal_code": None}, {**SLIPS, "last_name": "Brennan"}, "failed", id="by the names alone"),
    ],
)
def test_what_is_like_what(agency, known, sent, result):
    slips = {**OLGA, "phone": "+15122365174", "email": "olga.brennan7@example.com"}
    one, other = put_on_sale(agency, make_lead(**{**OLGA, **known}), make_lead(**{**slips, **sent}))
    assert marked(agency, other)[0] == result
    assert marked(agency, one)[0] == "passed"


def test_only_the_agency_s_own_leads_of_90_days_are_looked_at(api, agency, clock):
    put_on_sale(api(make_person("agency")), make_lead(**OLGA))
    (mine,) = put_on_sale(agency, make_lead(**SLIPS))
    assert marked(agency, mine) == ("passed", None), "what another agency has is told to nobody"
    clock.advance(days=90, minutes=1)
    (later,) = put_on_sale(agency, make_lead(**OLGA))
    assert marked(agency, later) == ("passed", None)
    assert opened() == []
    with transaction():
        assert likeness.forget_old(at_once=3) == 3, "a chunk at a time"
    forget_traces()
    with transaction():
        assert set(session().scalars(select(LikenessKey.lead_id))) == {UUID(later)}


def test_each_opening_is_written_down_and_without_a_candidate_nothing_is_opened(agency, person):
    first, stranger = put_on_sale(agency, make_lead(**OLGA), make_lead(**HANNO, postal_code="10007"))
    assert opened() == []
    listing = open_listing(agency)
    agency.post(f"/listings/{listing}/leads", make_lead(**OLGA))
    assert opened() == [], "the same phone is a duplicate without a look"
    agency.post(f"/listings/{listing}/leads", [make_lead(**SLIPS), make_lead(**SLIPS, social_url="x")])
    assert acts() == [(person.org_id, {UUID(first)})]
    assert stranger


def test_what_is_opened_at_once_is_one_row_that_never_changes(agency, person):
    known = put_on_sale(
        agency, make_lead(**OLGA), make_lead(**{**SLIPS, "phone": HANNO["phone"], "email": "o@b.example"})
    )
    put_on_sale(agency, make_lead(**SLIPS))
    assert acts() == [(person.org_id, {UUID(lead_id) for lead_id in known})]
    for change in ("UPDATE contact_comparisons SET lead_ids = '{}'", "DELETE FROM contact_comparisons"):
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            session().execute(text(change))


def test_inside_one_file_the_second_is_found(app, agency, visit, person):
    header = ("First Name", "Last Name", "Phone", "Email", "Zip", "Created At")
    names = ("first_name", "last_name", "phone", "email", "postal_code", "submitted_at")
    rows = [[str(make_lead(**each)[name]) for name in names] for each in (OLGA, HANNO, SLIPS)]
    reader, listing = visit(person), open_listing(agency)
    address = send(reader, listing, csv_of(*rows, header=header)).location
    run_jobs(app)
    reader.post(f"{address}/start", **columns_of(reader.get(address)), **CONSENT)
    run_jobs(app)
    found = {each["id"]: marked(agency, each["id"])[0] for each in agency.get("/leads")["items"]}
    assert sorted(found.values()) == ["failed", "passed", "passed"]
    assert opened() == [], "what stands in the same file need not be opened"


def test_a_key_of_too_many_tells_nothing_and_is_not_compared(agency):
    crowd = [make_lead(**{**OLGA, "email": f"{n}@a{n}.example", "phone": f"+1512236{n:04d}"}) for n in range(61)]
    put_on_sale(agency, *crowd)
    (lead_id,) = put_on_sale(agency, make_lead(**SLIPS, postal_code="10007"))
    assert marked(agency, lead_id)[0] == "passed"
    assert opened() == []


def test_a_contact_whose_key_is_gone_stops_no_intake(agency):
    put_on_sale(agency, make_lead(**OLGA))
    with transaction():
        session().execute(update(Lead).values(sealed=b"\x04gone"))
    (lead_id,) = put_on_sale(agency, make_lead(**SLIPS))
    assert marked(agency, lead_id) == ("passed", None)


def test_a_corrected_name_is_looked_up_by_its_new_form(agency):
    (first,) = put_on_sale(agency, make_lead(**{**OLGA, "last_name": "Brennann"}))
    with transaction():
        mend(UUID(first), Mended("last_name", "Iyer", None), by=SYSTEM, org_ids=[])
    assert opened() == [UUID(first)]
    known, unknown = put_on_sale(
        agency,
        make_lead(**{**SLIPS, "last_name": "Iyer", "postal_code": None}),
        make_lead(**{**OLGA, **HANNO, "postal_code": None}),
    )
    assert marked(agency, known)[1]["evidence"]["like"] == first
    assert marked(agency, unknown)[0] == "passed"


def test_keys_say_nothing_to_anybody_without_the_pepper(agency):
    put_on_sale(agency, make_lead(**OLGA))
    with transaction():
        assert session().scalar(select(func.count()).select_from(LikenessKey)) == 3
        kept = session().scalars(text("SELECT string_agg(k::text, ' ') FROM likeness_keys k")).one()
    assert not [part for part in ("B655", "O420", "78701", "olga", "brennan") if part in kept]
