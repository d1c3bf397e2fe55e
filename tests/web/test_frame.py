"""What holds for every page: headers, refusals, the log, the frame around it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.app import create_app
from marketplace.kit import logs
from marketplace.kit.db import db, transaction
from marketplace.people import actions
from marketplace.web import navigation
from tests.conftest import Visitor
from tests.factories.money import fund
from tests.factories.pages import Reader
from tests.factories.people import PASSWORD, make_person
from tests.factories.queries import listening
from tests.factories.story import put_on_sale, sold

ICONS = Path(__file__).parents[2] / "static/icons/sprite.svg"


def test_every_answer_is_guarded(visit):
    answer = visit().get("/").headers
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-Id"])


def test_a_form_may_lead_to_the_page_of_payment_and_nowhere_else(visit, app):
    policy = visit().get("/").headers["Content-Security-Policy"]
    allowed = re.search(r"form-action ([^;]*)", policy)[1].split()
    assert allowed == ["'self'", app.extensions["settings"].stripe_api_base]


def test_the_cookie_of_a_session_is_kept_from_scripts_and_other_sites(visit):
    kept = visit().sign_in(make_person()).headers.getlist("Set-Cookie")
    assert sorted(each.partition("=")[0][:6] for each in kept) == ["fairle", "known_"]
    assert all("HttpOnly" in each and "SameSite=Lax" in each for each in kept)


@pytest.mark.parametrize("path", ["/account", "/team", "/keys", "/catalog", "/overview", "/admin/disputes"])
def test_nothing_of_somebodys_is_shown_at_the_door(visit, path):
    answer = visit().get(path)
    assert (answer.status, answer.location) == (303, f"/sign-in?next={path}")


def test_what_is_not_there_has_a_page_and_below_the_api_an_error(visit):
    reader = visit()
    assert "There is nothing at this address" in reader.get("/nowhere").words
    assert reader.get("/api/v1/nowhere").headers["Content-Type"] == "application/json"
    assert reader.post("/team/members/not-an-id/role").status == 404


def test_a_bug_is_told_with_its_number_and_without_its_words(app, box, capsys):
    broken = create_app(app.extensions["settings"], transport=box)
    broken.add_url_rule("/broken", view_func=lambda: 1 / 0)
    shown = Reader(Visitor(broken, broken.response_class, use_cookies=True)).get("/broken")
    assert shown.status == 500
    assert shown.headers["X-Request-Id"] in shown.words
    line = next(line for line in capsys.readouterr().err.splitlines() if "request.failed" in line)
    assert "ZeroDivisionError" in line
    assert "division by zero" not in line


def test_the_page_for_trouble_needs_no_database(app, box):
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    away = create_app(app.extensions["settings"].but(database_url=nowhere), transport=box)
    reader = Visitor(away, away.response_class, use_cookies=True)
    answer = reader.get("/")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "We are busy for a moment" in answer.get_data(as_text=True)
    with away.app_context():
        db.engine.dispose()


def test_each_request_is_one_line_without_tokens_or_what_was_sent(visit, capsys):
    buyer = make_person()
    reader = visit()
    logs.configure("INFO")
    try:
        reader.sign_in(buyer)
        reader.get("/account?token=abc.def.ghi")
        reader.get("/join?token=abc.def.ghi")
    finally:
        logs.configure("WARNING")
    told = capsys.readouterr().err
    lines = [json.loads(line) for line in told.splitlines() if '"event":"request"' in line]
    found = {(line["method"], line["path"], line["status"]) for line in lines}
    assert {("POST", "/sign-in", 303), ("GET", "/account", 200), ("GET", "/join", 404)} <= found
    mine = next(line for line in lines if line["path"] == "/account")
    assert (mine["user_id"], mine["org_id"]) == (str(buyer.who.user_id), str(buyer.org_id))
    assert mine["ms"] >= 0
    for secret in ("abc.def.ghi", buyer.email, PASSWORD):
        assert secret not in told


def test_every_icon_of_the_navigation_is_in_the_sprite(visit):
    shapes = set(re.findall(r'<symbol id="([^"]+)"', ICONS.read_text()))
    named = {item.icon for items in (navigation._AGENCY, navigation._BUYER, navigation._STAFF) for item in items}
    assert named <= shapes


def test_an_error_in_the_frame_is_no_empty_frame(visit, monkeypatch):
    def broken(_who):
        raise AttributeError

    reader = visit(make_person("buyer"))
    assert reader.get("/account").status == 200
    monkeypatch.setattr(navigation, "_BY_KIND", {"buyer": (replace(navigation._BUYER[0], count=broken),)})
    assert reader.get("/account").status == 500


@pytest.mark.parametrize("kind", ["agency", "buyer", "staff"])
@pytest.mark.parametrize("role", ["owner", "manager", "member", "finance"])
def test_each_role_is_offered_only_pages_that_open(visit, kind, role):
    owner = make_person(kind)
    person = owner if role == "owner" else make_person(kind, role=role, org_id=owner.org_id)
    reader = visit()
    start = reader.sign_in(person).location
    page = reader.get(start)
    assert page.status == 200
    offered = set(re.findall(r'<a href="(/[^"]*)"[^>]*data-go=', page.text))
    assert offered
    for path in offered:
        assert reader.get(path).status == 200, path


@pytest.mark.parametrize(
    ("kind", "tabs"),
    [
        ("agency", ["Overview", "Listings", "Imports", "Leads", "Disputes"]),
        ("buyer", ["Catalogue", "Inbox", "Disputes", "Wallet", "Team"]),
        ("staff", ["Disputes", "Audits", "Calls", "Organisations", "Money health"]),
    ],
)
def test_the_bar_of_a_phone_holds_what_is_marked_for_it(visit, kind, tabs):
    bar = visit(make_person(kind)).get("/account").text.split('<nav class="tabbar')[1].split("</nav>")[0]
    assert re.findall("<span>([^<]+)</span>", bar) == tabs


def test_what_the_frame_shows_is_counted_for_pages_and_not_for_their_parts(visit, api):
    (lead_id,) = put_on_sale(api(make_person("agency")))
    reader, counted = visit(make_person("buyer")), []
    for headers in ({}, {"HX-Request": "true"}):
        asked = []
        with listening(asked):
            assert "$25.00" in reader.get(f"/catalog/{lead_id}", headers=headers).words
        counted.append(
            {name for _rows, words, _values in asked for name in ("disputes", "paid_cents") if name in words}
        )
    assert counted == [{"disputes", "paid_cents"}, set()]


def test_a_refusal_of_a_missing_step_says_the_step_and_leads_to_the_account(visit):
    owner = make_person("agency")
    with transaction():
        actions.create_user(email="new@example.com", name="New", password=PASSWORD, org_id=owner.org_id, role="owner")
    member = make_person("agency", role="member", org_id=owner.org_id)
    page = visit(member).get("/keys")
    assert page.status == 403
    assert "Your role does not allow this." in page.words
    assert 'href="/account"' in page.text


def test_the_navigation_says_where_one_is_once(visit, api):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 5_000)
    order = sold(api(agency), api(buyer))
    reader = visit()
    reader.sign_in(buyer)
    page = reader.get(f"/orders/{order}/dispute")
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page.text)[0::2] == ["/orders"]
