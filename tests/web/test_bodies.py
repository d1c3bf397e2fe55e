"""Forms are small: only those that take files may be large, and those only from somebody who may send them."""

import io
import re
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from marketplace.kit.db import transaction
from marketplace.kit.limits import Limit, spend
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


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_most):
        raise AssertionError("the body was read")

    readinto = readline = read


def send_unread(client, path, **more):
    body = Unread(bytes(20 << 20))
    return client.post(path, input_stream=body, content_type="multipart/form-data; boundary=x", **more)


@pytest.mark.parametrize(
    ("kind", "role", "path"),
    [
        ("buyer", "owner", "/imports"),
        ("agency", "finance", "/imports"),
        ("agency", "owner", "/score-trials"),
        ("buyer", "finance", "/score-trials"),
        ("buyer", "finance", "/disputes/00000000-0000-0000-0000-000000000000/evidence"),
        ("agency", "owner", "/sales/reporting/00000000-0000-0000-0000-000000000000/answer"),
    ],
)
def test_a_form_with_files_is_not_read_from_somebody_who_may_not_send_it(visit, kind, role, path):
    owner = make_person(kind)
    reader = visit(owner if role == "owner" else make_person(kind, role=role, org_id=owner.org_id))
    assert send_unread(reader.client, path).status_code == 403


@pytest.mark.parametrize(
    ("kind", "path", "limit"),
    [("agency", "/imports", Limit("imports", 120, 3600)), ("buyer", "/score-trials", Limit("trials", 20, 3600))],
)
def test_a_file_of_leads_is_counted_before_it_is_read(visit, kind, path, limit):
    person = make_person(kind)
    reader = visit(person)
    for _file in range(limit.most):
        with transaction():
            spend(limit, str(person.org_id))
    assert send_unread(reader.client, path).status_code == 429


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


def test_the_api_reads_a_large_body_only_where_it_takes_a_file_and_from_whom(client, app):
    agency, buyer = make_person("agency"), make_person("buyer")
    item, listing = (f"/api/v1/{each}/00000000-0000-0000-0000-000000000000" for each in ("imports", "listings"))
    asked = {"Authorization": f"Bearer {agency.key}", "Idempotency-Key": "one"}
    for method, path in (("PATCH", item), ("POST", f"{item}/pause"), ("POST", f"{item}/cancellation")):
        answer = client.open(path, method=method, data=bytes(20 << 20), content_type="application/json", headers=asked)
        assert answer.status_code == 413, path
    strange = {"Authorization": f"Bearer {buyer.key}"}
    assert send_unread(client, f"{listing}/imports", headers=strange).status_code == 403


def test_every_form_that_is_made_for_files_takes_them(app):
    """Files of rows fit into any form."""
    forms = [tag for page in TEMPLATES.rglob("*.html") for tag in re.findall(r"<form[^>]*>", page.read_text())]
    named = {found[1] for tag in forms if "multipart" in tag and (found := re.search(r"url_for\('([\w.]+)'", tag))}
    taking = {name for name, view in app.view_functions.items() if hasattr(view, "takes_files")}
    assert named - taking == {"sales.upload", "outcomes.upload"}
    assert taking - named == {"disputes.appeal", "disputes.answer_appeal"}
