"""The catalogue's usual order: how fresh a lead is, times what its agency's grade makes visible, over all pages."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from marketplace.jobs.app import Ending
from marketplace.kit import clock as product_clock
from marketplace.kit.db import db, session, transaction
from marketplace.leads.jobs import place_all_anew
from marketplace.leads.placing import place_anew
from tests.factories.leads import make_lead
from tests.factories.payouts import set_grade
from tests.factories.people import make_person
from tests.factories.story import open_listing, put_on_sale

_MIXED = ("A0", "A10", "A40", "E1", "E5", "A60", "E20")
_BY_AGE = ("A0", "E1", "E5", "A10", "E20", "A40", "A60")
_ELSEWHERE = "UPDATE leads SET place = submitted_at + interval '1 hour' WHERE id = %s"
_LEFT = "SELECT args FROM procrastinate_jobs WHERE task_name = 'leads.place_all_anew'"
_WAITS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = {}".format(
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)


def sale(api, person, *ages):
    """Leads of people who asked so many hours ago; their ids by their ages."""
    now = product_clock.now()
    leads = [make_lead(submitted_at=(now - timedelta(hours=age)).isoformat()) for age in ages]
    return dict(zip(ages, put_on_sale(api(person), *leads), strict=True))


@pytest.fixture
def good(app):
    person = make_person("agency")
    set_grade(person, "A")
    return person


@pytest.fixture
def bad(app):
    person = make_person("agency")
    set_grade(person, "E")
    return person


@pytest.fixture
def names(api, good, bad):
    """Seven leads on sale; what each is called here, by its id."""
    made = {"A": sale(api, good, 0, 10, 40, 60), "E": sale(api, bad, 1, 5, 20)}
    return {lead_id: f"{grade}{age}" for grade, ids in made.items() for age, lead_id in ids.items()}


@pytest.fixture
def buyer(api, app):
    return api(make_person("buyer"))


@pytest.fixture
def staff(visit, app):
    return visit(make_person("staff"))


@pytest.fixture
def ending():
    """While it is entered this worker was asked to end."""

    @contextmanager
    def asked():
        Ending.is_asked = True
        try:
            yield
        finally:
            Ending.is_asked = False

    return asked()


def page(buyer, cursor=None):
    asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
    answer = buyer.get("/catalog/leads", **asked)
    return [item["id"] for item in answer["items"]], answer["next_cursor"]


def shelf(buyer, cursor=None):
    """The ids from this page on to the last, two a page, in the order that nobody has to ask for."""
    ids, cursor = page(buyer, cursor)
    while cursor:
        more, cursor = page(buyer, cursor)
        ids += more
    return ids


def order(buyer, names):
    return tuple(names[lead_id] for lead_id in shelf(buyer))


def grade(staff, person, letter, run_jobs):
    sent = {"grade": letter, "reason": "Looked at by hand."}
    assert staff.post(f"/admin/organisations/{person.org_id}/grade", **sent).status == 303
    run_jobs()


def test_the_order_holds_over_all_pages_and_while_the_clock_goes_on(buyer, names, visit, clock):
    assert order(buyer, names) == _MIXED
    clock.advance(days=2)
    assert order(buyer, names) == _MIXED
    words = visit(make_person("buyer")).get("/catalog").text
    found = [words.index(lead_id) for name in _MIXED for lead_id, called in names.items() if called == name]
    assert found == sorted(found)


def test_another_grade_moves_what_is_on_sale_and_a_second_run_nothing(buyer, names, bad, staff, run_jobs):
    grade(staff, bad, "A", run_jobs)
    assert order(buyer, names) == _BY_AGE
    assert place_anew(bad.org_id) == 0
    grade(staff, bad, "F", run_jobs)
    assert order(buyer, names) == ("A0", "A10", "A40", "A60", "E1", "E5", "E20"), "what was on sale before an F stays"
    grade(staff, bad, "E", run_jobs)
    assert order(buyer, names) == _MIXED


def test_other_terms_move_the_leads_of_every_agency_with_the_grade(buyer, names, good, staff, api, run_jobs):
    gone = next(lead_id for lead_id, name in names.items() if name == "A10")
    assert api(good).post(f"/leads/{gone}/withdrawal").status == 200
    before = dict(session().execute(text("SELECT id::text, place FROM leads")).all())
    session().rollback()
    sent = {"grade": "E", "visibility_bp": "12000", "reason": "They are as good."}
    assert staff.post("/admin/money/terms", **sent).status == 303
    run_jobs()
    assert order(buyer, names) == tuple(name for name in _BY_AGE if name != "A10")
    after = dict(session().execute(text("SELECT id::text, place FROM leads")).all())
    assert {names[lead_id] for lead_id in names if after[lead_id] != before[lead_id]} == {"E1", "E5", "E20"}


def test_a_worker_that_ends_leaves_the_other_agencies_to_the_next_one(buyer, names, good, staff, ending):
    sent = {"grade": "E", "visibility_bp": "12000", "reason": "They are as good."}
    assert staff.post("/admin/money/terms", **sent).status == 303
    with ending:
        place_all_anew.func(subject_id="the terms")
    assert order(buyer, names) == _MIXED
    (left,) = session().scalars(text(_LEFT)).all()
    session().rollback()
    assert left == {"subject_id": "the terms", "after": str(good.org_id)}
    place_all_anew.func(**left)
    assert order(buyer, names) == _BY_AGE


def test_what_processes_of_before_took_in_without_a_place_gets_one_at_night(buyer, names):
    with transaction():
        session().execute(text("UPDATE leads SET place = now()"))
    assert order(buyer, names) != _MIXED
    place_all_anew.func(timestamp=0)
    assert order(buyer, names) == _MIXED


def test_who_pages_on_while_places_change_sees_what_stayed_once_and_all_of_it_next_time(
    buyer, names, bad, staff, run_jobs
):
    seen, cursor = page(buyer)
    grade(staff, bad, "A", run_jobs)
    seen += shelf(buyer, cursor)
    assert [names[lead_id] for lead_id in seen if names[lead_id].startswith("A")] == ["A0", "A10", "A40", "A60"]
    assert len(set(seen)) == len(seen)
    assert set(shelf(buyer)) == set(names)


def test_what_comes_in_while_the_grade_changes_is_waited_for(api, good, app):
    listing = open_listing(api(good))
    (item,) = api(good).post(f"/listings/{listing}/leads", [make_lead()])["items"]
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def anew():
        with app.app_context():
            return place_anew(good.org_id)

    with psycopg.connect(dsn) as intake, ThreadPoolExecutor(1) as pool:
        intake.execute("SELECT pg_advisory_xact_lock(hashtextextended('intake:' || %s, 0))", [str(good.org_id)])
        job = pool.submit(anew)
        intake.execute(_ELSEWHERE, [UUID(item["id"])])
        while not intake.execute(_WAITS).fetchone():
            assert not job.done()
        intake.commit()
        assert job.result(timeout=20) == 1
