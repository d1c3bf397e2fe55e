"""A file of leads through the API: sent, guessed, corrected, run, explained."""

import csv
import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.factories.leads import make_lead, make_listing
from tests.factories.people import make_person
from tests.factories.story import open_listing

CONSENT = {"consent_text": "I agree to be contacted.", "consent_version": "2", "consent_method": "form"}
HEADER = ["Full name", "Phone", "E-mail", "Created"]


def people(count, bad=()):
    for n in range(count):
        lead = make_lead()
        phone = "123" if n in bad else lead["phone"]
        email = "nobody@@example" if n in bad else lead["email"]
        yield [f"Maria Sandoval{n}", phone, email, lead["submitted_at"]]


def table(rows, delimiter=",", encoding="utf-8", header=HEADER):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode(encoding)


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def listing(agency):
    return open_listing(agency)


def send(agency, listing, content, idem=None, auto=None, **form):
    query = {} if auto is None else {"auto": auto}
    return agency.post(
        f"/listings/{listing}/imports", form={"file": (io.BytesIO(content), "leads.csv"), **form}, idem=idem, **query
    )


@pytest.fixture
def stored_files(app):
    """The files of imports that were not there before the test."""
    folder = Path(urlsplit(app.extensions["settings"].files_url).path) / "imports"
    before = set(folder.glob("*"))
    return lambda: sorted(set(folder.glob("*")) - before)


def test_a_file_is_guessed_then_started_and_every_bad_row_is_explained(agency, listing, run_jobs):
    sent = send(agency, listing, table(people(6, bad={2, 4})), **CONSENT)
    assert (sent.status, sent["state"], sent["guess"]) == (202, "guessing", None)
    run_jobs()
    guessed = agency.get(f"/imports/{sent['id']}")
    assert (guessed["state"], guessed["rows"]) == ("waiting", 6)
    mapping = guessed["guess"]["mapping"]
    assert mapping == {"Full name": "full_name", "Phone": "phone", "E-mail": "email", "Created": "submitted_at"}
    assert guessed["guess"]["confidence"] > 0.5
    assert agency.patch(f"/imports/{sent['id']}", {})["state"] == "running"
    run_jobs()
    done = agency.get(f"/imports/{sent['id']}")
    assert (done["state"], done["done"], done["accepted"], done["rejected"]) == ("done", 6, 4, 2)
    assert len(agency.get("/leads", import_id=sent["id"])["items"]) == 4

    errors = agency.get(f"/imports/{sent['id']}/errors.csv")
    assert errors.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert errors.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(errors.text.lstrip("\ufeff"))))
    assert rows[0][:3] == ["line", "codes", "reasons"]
    assert [row[3] for row in rows[1:]] == ["Maria Sandoval2", "Maria Sandoval4"]
    assert all("phone_invalid" in row[1] for row in rows[1:])


@pytest.mark.parametrize(("delimiter", "encoding"), [("\t", "utf-16"), (";", "cp1252"), ("|", "utf-8-sig")])
def test_auto_starts_by_itself_whatever_the_form_of_the_file(agency, listing, run_jobs, delimiter, encoding):
    sent = send(agency, listing, table(people(3), delimiter, encoding), auto=1, **CONSENT)
    run_jobs()
    done = agency.get(f"/imports/{sent['id']}")
    assert (done["state"], done["accepted"]) == ("done", 3), done.body
    assert done["guess"]["delimiter"] == delimiter


def test_rows_without_consent_and_without_a_declared_one_are_refused(agency, listing, run_jobs):
    sent = send(agency, listing, table(people(2)), auto=1)
    run_jobs()
    done = agency.get(f"/imports/{sent['id']}")
    assert (done["accepted"], done["rejected"]) == (0, 2)
    assert "consent_missing" in agency.get(f"/imports/{sent['id']}/errors.csv").text


def test_a_wrong_mapping_is_corrected_or_refused_by_its_column(agency, listing, run_jobs):
    header = ["who", "where", "Phone", "Created"]
    rows = [[name, "x", phone, created] for name, phone, _email, created in people(2)]
    sent = send(agency, listing, table(rows, header=header), **CONSENT)
    run_jobs()
    refused = agency.patch(f"/imports/{sent['id']}", {"mapping": {"who": "nothing_known"}})
    assert (refused.status, set(refused["error"]["fields"])) == (422, {"mapping.who"})
    started = agency.patch(f"/imports/{sent['id']}", {"mapping": {"who": "full_name"}, "default_country": "us"})
    assert (started["state"], started["guess"]["mapping"]["who"]) == ("running", "full_name")
    run_jobs()
    assert agency.get(f"/imports/{sent['id']}")["accepted"] == 2


def test_a_file_that_is_no_table_fails_with_a_sentence(agency, listing, run_jobs):
    sent = send(agency, listing, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    run_jobs()
    failed = agency.get(f"/imports/{sent['id']}")
    assert failed["state"] == "failed"
    assert failed["failure"]
    assert agency.get(f"/imports/{sent['id']}/errors.csv").status == 200
    assert agency.patch(f"/imports/{sent['id']}", {}).code == "wrong_state"


def test_an_import_is_paused_resumed_and_cancelled(agency, listing, run_jobs):
    first = send(agency, listing, table(people(3)), **CONSENT)["id"]
    assert agency.post(f"/imports/{first}/pause").code == "wrong_state"
    run_jobs()
    agency.patch(f"/imports/{first}", {})
    assert agency.post(f"/imports/{first}/pause")["state"] == "paused"
    run_jobs()
    assert agency.get(f"/imports/{first}")["done"] == 0
    assert agency.post(f"/imports/{first}/resumption")["state"] == "running"
    run_jobs()
    assert agency.get(f"/imports/{first}")["state"] == "done"

    second = send(agency, listing, table(people(3)), **CONSENT)["id"]
    assert agency.post(f"/imports/{second}/cancellation")["state"] == "cancelled"
    run_jobs()
    assert agency.get(f"/imports/{second}")["accepted"] == 0
    assert [item["id"] for item in agency.get("/imports")["items"]] == [second, first]


def test_a_file_sent_again_with_its_key_is_one_import_and_one_stored_file(app, agency, listing, stored_files):
    content = table(people(2))
    first = send(agency, listing, content, idem="file", **CONSENT)
    again = send(agency, listing, content, idem="file", **CONSENT)
    assert (again.status, again["id"]) == (202, first["id"])
    assert len(stored_files()) == 1
    other = send(agency, listing, table(people(2)), idem="file", **CONSENT)
    assert (other.status, other.code) == (409, "idempotency_conflict")
    assert len(stored_files()) == 1


def test_what_is_no_upload_is_refused(agency, listing):
    path = f"/listings/{listing}/imports"
    assert (agency.post(path, {"file": "text"}).status) == 422
    assert set(agency.post(path, form={"other": "x"})["error"]["fields"]) == {"file", "other"}
    assert agency.post(path, form={"file": "text"}).status == 422
    long = {"file": (io.BytesIO(b"a,b\n"), "a.csv"), "consent_text": "x" * 2_001}
    assert set(agency.post(path, form=long)["error"]["fields"]) == {"consent_text"}
    assert agency.post(path, form={"file": (io.BytesIO(b"a"), "a.csv")}, auto="perhaps").status == 422


def test_a_draft_takes_no_file_and_keeps_none(agency, stored_files):
    draft = agency.post("/listings", make_listing())["id"]
    answer = send(agency, draft, table(people(1)))
    assert (answer.status, answer.code) == (409, "listing_not_open")
    assert stored_files() == []
