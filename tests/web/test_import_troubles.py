from pathlib import Path
from urllib.parse import urlsplit

import pytest

from marketplace import leads
from marketplace.kit.paging import Ask
from tests.factories.files import CONSENT, columns_of, csv_of, row_of, send
from tests.factories.people import make_person
from tests.factories.story import open_listing

HEADINGS = ("Reading the file", "Match the columns", "This file cannot be read")


@pytest.fixture
def listing(api, agency):
    return open_listing(api(agency))


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


def test_a_file_that_no_import_takes_up_is_not_kept(reader, visit, listing, stored):
    before = stored()
    assert send(visit(make_person("agency")), listing, csv_of(row_of())).status == 404
    reader.post(f"/listings/{listing}/state", state="paused")
    page = send(reader, listing, csv_of(row_of()))
    assert page.status == 409
    assert "is not accepting leads" in page.words
    assert stored() == before


def test_a_file_beyond_the_limit_is_refused_by_its_size(app, reader, listing, stored, monkeypatch):
    before = stored()
    monkeypatch.setitem(app.extensions, "settings", app.extensions["settings"].but(max_upload_mib=1))
    page = send(reader, listing, b"a,b\n" + b"1,2\n" * 300_000)
    assert page.status == 413
    assert "larger than 1 MiB" in page.words
    assert send(reader, listing, b"a,b\n" + b"1,2\n" * 600_000).status == 413
    assert stored() == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"Name,Phone,Email\r\n", "column names but no rows"),
        (b"PK\x03\x04" + bytes(200), "This is a spreadsheet or an archive"),
        (b"%PDF-1.7\n1 0 obj", "This is not a table"),
        (b'{"leads": [{"name": "A"}]}', "This is JSON, XML or a web page"),
        (b"<!doctype html><title>x</title>", "This is JSON, XML or a web page"),
        (bytes(range(256)) * 8, "This is not a text file"),
    ],
)
def test_what_is_no_table_says_what_it_is_and_what_to_do(reader, uploaded, content, words):
    page = reader.get(uploaded(content))
    assert page.status == 200
    assert "This file cannot be read" in page.words
    assert words in page.words
    assert "Send another file" in page.words


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b'"never closed,1\n2,3\n4,5\n',
        b"a,b\n1\x00,2\n\xff\xfe,3\n",
        b"=cmd|' /C calc'!A0,@SUM(1)\n+1,-2\n",
        "имя;телефон\nАнна;+7 900 000 00 00\n".encode("cp1251"),
        b"name,name,name,\n" + b",".join([b"v"] * 600) + b"\n",
        b"col\n" + b"z" * 1_200_000 + b"\nshort\n",
        (b"<script>alert(1)</script>,phone\n<img src=x onerror=alert(1)>,+12125550123\n"),
    ],
)
def test_a_hostile_file_gets_a_clear_page_and_never_breaks_one(reader, uploaded, run_jobs, content):
    place = uploaded(content, name="<u>leads</u>.csv")
    page = reader.get(place)
    assert page.status == 200
    assert any(heading in page.words for heading in HEADINGS)
    assert "<script>alert" not in page.text
    assert "<u>" not in page.text
    if "Match the columns" in page.words:
        answer = reader.post(f"{place}/start", **columns_of(page), **CONSENT)
        assert answer.status in (303, 422)
        run_jobs()
        assert reader.get(place).status == 200
        assert reader.get(f"{place}/rejected.csv").status == 200


def test_a_file_that_was_lost_is_told_everywhere_and_can_be_thrown_away(app, reader, agency, uploaded, run_jobs):
    place, done = uploaded(csv_of(row_of())), uploaded(csv_of(row_of(phone="+12125550123", email="")))
    reader.post(f"{done}/start", **columns_of(reader.get(done)), **CONSENT)
    run_jobs()
    folder = Path(urlsplit(app.extensions["settings"].files_url).path)
    for row in leads.imports_for(agency.who, Ask()).items:
        (folder / row.stored_as).unlink()
    page = reader.get(place)
    assert "no longer have the file" in page.words
    assert "No row became a lead" in reader.get(done).words
    for answer in (reader.post(f"{place}/reading", header_row="0"), reader.get(f"{done}/rejected.csv")):
        assert (answer.status, "no longer have the file" in answer.words) == (409, True)
    assert "Thrown away" in reader.follow(reader.post(f"{place}/cancellation")).words
