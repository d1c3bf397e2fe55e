import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from marketplace import leads
from marketplace.kit.db import transaction
from marketplace.kit.paging import Ask
from marketplace.leads import imports
from tests.factories.files import CONSENT, columns_of, csv_of, row_of, send
from tests.factories.people import make_person
from tests.factories.story import open_listing


@pytest.fixture
def listing(api, agency):
    return open_listing(api(agency), title="Career courses")


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


@pytest.fixture
def uploaded(reader, listing, run_jobs):
    """Upload a file and have it looked at: -> the address of its page."""

    def upload(content, name="leads.csv"):
        place = send(reader, listing, content, name).location
        run_jobs()
        return place

    return upload


@pytest.fixture
def stored(app):
    folder = Path(urlsplit(app.extensions["settings"].files_url).path) / "imports"
    return lambda: len(list(folder.iterdir())) if folder.exists() else 0


def imports_of(agency):
    with transaction():
        return leads.imports_for(agency.who, Ask()).items


def start(reader, place, **more):
    return reader.post(f"{place}/start", **{**columns_of(reader.get(place)), **CONSENT, **more})


def test_a_file_is_read_matched_and_run_through_its_pages(reader, agency, uploaded, run_jobs):
    place = uploaded(csv_of(*(row_of() for _ in range(3)), row_of(phone="+12125550123", email="")))
    page = reader.get(place)
    for words in (
        "Match the columns",
        "4 rows",
        "8 columns",
        "Career courses",
        "0 of 4",
        "No consent 3",
        "Phone is fictitious 1",
    ):
        assert words in page.words
    assert start(reader, place).status == 303
    assert "Importing" in reader.get(place).words
    run_jobs()
    page = reader.get(place)
    for words in ("3 leads put on sale", "Phone is fictitious", "All rejected for one reason"):
        assert words in page.words
    assert leads.counts_by_state(agency.who) == {"available": 3}


def test_nothing_of_a_person_is_shown_after_the_import(reader, agency, uploaded, run_jobs):
    person = {"first_name": "Quirina", "last_name": "Zyzzyva", "email": "quirina.z@gmail.com"}
    place = uploaded(csv_of(row_of(**person), row_of(first_name="Quirina", phone="+12125550123", email="")))
    assert "Quirina" in reader.get(place).words
    start(reader, place)
    run_jobs()
    (lead,) = leads.first_of_import(agency.who, imports_of(agency)[0].id, 5)
    for path in (place, "/leads", f"/leads/{lead.id}", "/overview", "/imports"):
        assert not [word for word in ("Quirina", "Zyzzyva", "quirina.z") if word in reader.get(path).text], path


def test_a_page_without_a_file_or_a_listing_says_so_at_the_field(reader, listing):
    page = reader.post("/imports", listing=listing)
    assert (page.status, "Choose a file first." in page.words) == (422, True)
    page = send(reader, "", csv_of(row_of()))
    assert (page.status, "Choose the listing that the leads go to." in page.words) == (422, True)


def test_a_second_click_leads_to_the_first_import(reader, agency, api, listing, stored, clock):
    content = csv_of(row_of())
    before = stored()
    first = send(reader, listing, content)
    assert send(reader, listing, content).location == first.location
    assert (len(imports_of(agency)), stored() - before) == (1, 1)
    other = open_listing(api(agency))
    assert send(reader, other, content).location != first.location
    assert send(reader, listing, csv_of(row_of())).location != first.location
    clock.advance(minutes=2)
    assert send(reader, listing, content).location != first.location


def test_a_file_given_up_can_be_sent_again_at_once(reader, listing):
    content = csv_of(row_of())
    place = send(reader, listing, content).location
    reader.post(f"{place}/cancellation")
    assert "Thrown away" in reader.get(place).words
    assert send(reader, listing, content).location != place


def test_a_running_import_renews_its_part_and_sends_the_whole_page_when_its_state_changes(reader, uploaded, run_jobs):
    place = uploaded(csv_of(row_of(), row_of()))
    assert reader.get(f"{place}/progress?state=guessing").headers["HX-Refresh"] == "true"
    start(reader, place)
    part = reader.get(f"{place}/progress?state=running")
    assert "0 of 2 rows" in part.words
    assert "<html" not in part.text
    run_jobs()
    part = reader.get(f"{place}/progress?state=running")
    assert part.headers["HX-Refresh"] == "true"
    assert part.text == ""


def test_the_part_of_a_running_import_shows_what_has_become_of_its_rows(reader, agency, uploaded):
    place = uploaded(csv_of(row_of(), row_of(phone="+12125550123", email="")))
    start(reader, place)
    parts = []
    imports.run(
        imports_of(agency)[0].id, told=lambda _rows: parts.append(reader.get(f"{place}/progress?state=running"))
    )
    (part,) = parts
    for words in ("First accepted leads", "First rejected rows", "2 of 2 rows"):
        assert words in part.words


def test_an_import_that_does_not_move_sends_the_whole_page(reader, uploaded, run_jobs):
    place = uploaded(csv_of(row_of()))
    assert reader.get(f"{place}/progress?state=waiting").headers["HX-Refresh"] == "true"
    start(reader, place)
    run_jobs()
    assert reader.get(f"{place}/progress?state=done").headers["HX-Refresh"] == "true"


def test_a_file_that_waits_to_be_read_asks_for_itself(reader, listing, clock):
    place = send(reader, listing, csv_of(row_of())).location
    assert "Reading the file" in reader.get(place).words
    assert f"{place}/progress?state=guessing" in reader.get(place).text
    assert "You can leave this page" in reader.get(f"{place}/progress?state=guessing").words
    assert "longer than usual" not in reader.get(place).words
    clock.advance(minutes=2)
    assert "longer than usual" in reader.get(f"{place}/progress?state=guessing").words


def test_pausing_going_on_and_giving_up(reader, uploaded, run_jobs):
    place = uploaded(csv_of(*(row_of() for _ in range(4))))
    start(reader, place)
    page = reader.follow(reader.post(f"{place}/pause"))
    assert "Paused after 0 of 4 rows" in page.words
    run_jobs()
    assert "Paused after 0 of 4 rows" in reader.get(place).words
    reader.post(f"{place}/resumption")
    run_jobs()
    assert "4 leads put on sale" in reader.get(place).words
    page = reader.follow(reader.post(f"{place}/cancellation"))
    assert "Meanwhile the import has come to another state." in page.words
    assert "4 leads put on sale" in page.words


def test_an_import_whose_listing_was_closed_says_why_it_stands(reader, listing, uploaded, run_jobs):
    place = uploaded(csv_of(row_of()))
    start(reader, place)
    reader.post(f"/listings/{listing}/state", state="paused")
    run_jobs()
    assert "The listing is no longer open." in reader.get(place).words
    page = reader.follow(reader.post(f"{place}/resumption"))
    assert "is not accepting leads" in page.words


def test_rejected_rows_come_back_with_their_reasons_whole_or_for_one_of_them(reader, uploaded, run_jobs):
    formula = row_of(phone="+12125550123", email="", first_name="=HYPERLINK(1)")
    place = uploaded(csv_of(row_of(), formula, row_of(submitted_at="2020-01-05T10:00:00Z")))
    start(reader, place)
    run_jobs()
    whole = reader.get(f"{place}/rejected.csv")
    assert whole.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in whole.headers["Content-Disposition"]
    assert [line.split(",")[:2] for line in whole.text.splitlines()[1:]] == [
        ["3", "phone_fictitious"],
        ["4", "too_old"],
    ]
    assert "'=HYPERLINK" in whole.text
    old = reader.get(f"{place}/rejected.csv?reason=too_old").text
    assert [line.split(",")[0] for line in old.splitlines()[1:]] == ["4"]


def test_the_same_file_again_forecasts_and_adds_nothing(reader, uploaded, run_jobs, clock):
    content = csv_of(row_of(), row_of())
    place = uploaded(content)
    start(reader, place)
    run_jobs()
    clock.advance(minutes=5)
    again = uploaded(content)
    page = reader.post(f"{again}/columns", **columns_of(reader.get(again)), **CONSENT)
    assert "You sent them before 2" in reader.follow(page).words
    start(reader, again)
    run_jobs()
    assert "No row became a lead" in reader.get(again).words


def test_files_are_listed_newest_first_page_by_page(reader, agency, listing):
    for number in range(27):
        send(reader, listing, csv_of(row_of()), name=f"file-{number:02}.csv")
    page = reader.get("/imports")
    assert "file-26.csv" in page.words
    assert "file-01.csv" not in page.words
    older = page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "file-01.csv" in reader.get(older).words


def test_nobody_else_finds_an_import(visit, uploaded):
    place = uploaded(csv_of(row_of()))
    stranger = visit(make_person("agency"))
    for path in (place, f"{place}/progress?state=waiting", f"{place}/rejected.csv"):
        assert stranger.get(path).status == 404
    for act in ("reading", "columns", "start", "pause", "resumption", "cancellation"):
        assert stranger.post(f"{place}/{act}").status == 404, act
    assert visit(make_person("buyer")).get("/imports").status == 403


def test_who_may_only_read_sees_everything_and_changes_nothing(visit, agency, uploaded, run_jobs, reader):
    place = uploaded(csv_of(row_of(), row_of(phone="+12125550123", email="")))
    finance = visit(make_person("agency", role="finance", org_id=agency.org_id))
    page = finance.get(place)
    assert page.status == 200
    assert "Throw away" not in page.words
    assert finance.post(f"{place}/start", **columns_of(page), **CONSENT).status == 403
    start(reader, place)
    run_jobs()
    page = finance.get(place)
    assert "1 lead put on sale" in page.words
    assert "rejected.csv" not in page.text
    assert finance.get(f"{place}/rejected.csv").status == 403
    assert "Bring in a file" not in finance.get("/imports").words
    assert finance.post("/imports", listing="x", file=(io.BytesIO(b"a"), "a.csv")).status == 403


def test_without_an_open_listing_it_says_what_comes_first(reader):
    assert "Open a listing first" in reader.get("/imports").words
