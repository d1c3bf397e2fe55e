"""Forms are small: only those that take files may be large, and those only from somebody who is signed in."""

import io
import re
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.factories.people import make_person

TEMPLATES = Path(__file__).parents[2] / "templates"


def send(reader, path, mib, field="file"):
    """A form with one file, whose token may be found only by reading all of it."""
    file = FileStorage(io.BytesIO(bytes(mib << 20)), "rows.csv")
    boundary, body = encode_multipart({field: file, "csrf_token": reader.token()})
    return reader.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/forgot", "/asked"])
def test_a_visitor_sends_no_large_form(visit, path):
    answer = send(visit(), path, 20)
    assert answer.status_code == 413
    assert "too large" in answer.text


@pytest.mark.parametrize(
    "path", ["/imports", "/score-trials", "/disputes/00000000-0000-0000-0000-000000000000/evidence"]
)
def test_a_form_with_files_sends_a_visitor_to_the_door_unread(visit, path):
    answer = send(visit(), path, 20)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_member_sends_large_files_where_they_are_taken_and_nowhere_else(visit):
    reader = visit(make_person("agency"))
    assert send(reader, "/imports", 20).status_code == 422
    assert send(reader, "/account/organisation", 20).status_code == 413
    evidence = "/disputes/00000000-0000-0000-0000-000000000000/evidence"
    assert send(reader, evidence, 45, "evidence").status_code == 404
    assert send(reader, evidence, 65, "evidence").status_code == 413


def test_the_api_takes_a_large_file_of_leads_only_with_a_key(client, api):
    agency, path = make_person("agency"), "/api/v1/listings/00000000-0000-0000-0000-000000000000/imports"
    for key, status in (("", 401), (agency.key, 404)):
        file = FileStorage(io.BytesIO(bytes(20 << 20)), "rows.csv")
        boundary, body = encode_multipart({"file": file})
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        kind = f"multipart/form-data; boundary={boundary}"
        assert client.post(path, data=body, content_type=kind, headers=headers).status_code == status


def test_every_form_that_is_made_for_files_takes_them(app):
    """Files of rows fit into any form."""
    forms = [tag for page in TEMPLATES.rglob("*.html") for tag in re.findall(r"<form[^>]*>", page.read_text())]
    named = {found[1] for tag in forms if "multipart" in tag and (found := re.search(r"url_for\('([\w.]+)'", tag))}
    taking = {name for name, view in app.view_functions.items() if hasattr(view, "takes_mib")}
    assert named - taking == {"sales.upload", "outcomes.upload"}
    assert taking - named == {"disputes.appeal", "disputes.answer_appeal"}
