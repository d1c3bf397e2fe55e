"""Looking at an import: the first guess, the forecast, the pace, the rejected rows as a file."""

import contextvars
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from marketplace import leads
from marketplace.catalog import ListingState, move
from marketplace.kit.db import transaction
from marketplace.kit.errors import Forbidden, NotFound
from marketplace.leads import Import, imports
from marketplace.leads.imports.running import CHUNK
from tests.factories.files import csv_of, row_of
from tests.factories.people import make_person
from tests.faults.listings import open_listing

CONSENT = {"text": "I agree to be called.", "version": "1", "method": "form"}


@pytest.fixture
def who(app):
    return make_person("agency").who


@pytest.fixture
def listing(who):
    with transaction():
        return open_listing(who)


@pytest.fixture
def sent(who, listing):
    """An import of this file: -> its row, not looked at yet."""

    def send(content, **options):
        stored = imports.store(io.BytesIO(content), most=1 << 26)
        with transaction():
            return imports.create(who, listing.id, stored, file_name="a.csv", **options)

    return send


@pytest.fixture
def guessed(sent, who):
    """The same, looked at."""

    def send(content, **options):
        row = sent(content, **options)
        with transaction():
            imports.guess(row.id)
        return afresh(who, row)

    return send


def afresh(who, row) -> Import:
    with transaction():
        return leads.import_for(who, row.id, lock=True)


def test_a_guess_that_reaches_nobody_does_not_start_by_itself(guessed):
    row = guessed(b"colour,shape\nred,round\n", starts_itself=True)
    assert (row.state, row.rows) == ("waiting", 1)
    assert guessed(csv_of(row_of()), starts_itself=True).state == "running"


def test_a_file_that_is_gone_ends_the_import_in_words(app, who, sent):
    row = sent(csv_of(row_of()))
    Path(urlsplit(app.extensions["settings"].files_url).path, row.stored_as).unlink()
    with transaction():
        imports.guess(row.id)
    found = afresh(who, row)
    assert (found.state, "Upload it again." in found.failure) == ("failed", True)


def test_an_import_given_up_while_it_is_read_stays_so(who, sent):
    row = sent(csv_of(row_of()))
    with transaction():
        imports.cancel(who, row.id)
    with transaction():
        imports.guess(row.id)
    assert afresh(who, row).state == "cancelled"


def test_the_forecast_is_what_the_import_does(who, guessed):
    same = row_of()
    content = csv_of(row_of(), same, same, row_of(phone="+12125550123", email=""), [*row_of()[:7], '"open'])
    row = guessed(content, consent=CONSENT)
    forecast = imports.forecast(row)
    with transaction():
        imports.start(who, row.id, {})
    imports.run(row.id)
    done = afresh(who, row)
    assert forecast.is_whole
    assert (forecast.looked_at, forecast.accepted) == (done.done, done.accepted) == (5, 2)
    assert dict(forecast.reasons) == leads.reasons_of(row.id)
    assert set(leads.reasons_of(row.id)) == {"duplicate_own", "phone_fictitious", "field_invalid"}
    again = imports.forecast(guessed(content, consent=CONSENT))
    assert again.accepted == 0


def test_the_forecast_keeps_nothing(who, guessed):
    row = guessed(csv_of(row_of()), consent=CONSENT)
    imports.forecast(row)
    assert leads.counts_by_state(who) == {}


def test_a_long_file_is_forecast_by_its_beginning(guessed):
    row = guessed(csv_of(*(row_of() for _ in range(205))), consent=CONSENT)
    forecast = imports.forecast(row)
    assert (forecast.looked_at, forecast.is_whole, row.rows) == (200, False, 205)


def test_the_pace_is_told_by_the_last_chunks_and_forgets_pauses(who, guessed, clock):
    row = guessed(csv_of(*(row_of() for _ in range(3 * CHUNK))), consent=CONSENT)
    with transaction():
        imports.start(who, row.id, {})
    assert imports.pace_of(afresh(who, row)).rows_a_second is None
    steps = iter([(10, None), (10, imports.pause)])

    def told(_rows):
        seconds, act = next(steps)
        clock.advance(seconds=seconds)
        if act:
            with transaction():
                act(who, row.id)

    imports.run(row.id, told)
    half = afresh(who, row)
    assert half.done == 2 * CHUNK
    pace = imports.pace_of(half)
    assert CHUNK / 18 < pace.rows_a_second <= CHUNK / 10, "ten seconds, and what the chunk really took"
    assert 10 <= pace.left.total_seconds() < 18
    clock.advance(minutes=10)
    still = imports.pace_of(half).still_since
    assert timedelta(minutes=10) < clock.now() - still < timedelta(minutes=12)
    with transaction():
        imports.resume(who, row.id)
    assert imports.pace_of(afresh(who, row)).rows_a_second is None
    assert imports.pace_of(afresh(who, row)).still_since is None


@pytest.mark.slow
def test_rejected_rows_come_in_the_order_of_the_file_however_many(who, guessed):
    rows = [row_of(phone="+12125550123", email="") if n % 40 else row_of() for n in range(1_100)]
    row = guessed(csv_of(*rows), consent=CONSENT)
    with transaction():
        imports.start(who, row.id, {})
    imports.run(row.id)
    pieces = imports.errors_csv(who, row.id)
    lines = contextvars.Context().run("".join, pieces).splitlines()  # as it is sent: when the request is over
    expected = [str(n + 2) for n in range(1_100) if n % 40]
    assert [line.split(",")[0] for line in lines[1:]] == expected
    assert [line.split(",")[3] for line in lines[1:]] == [cells[0] for n, cells in enumerate(rows) if n % 40]
    assert "".join(imports.errors_csv(who, row.id, reason="too_old")).splitlines() == lines[:1]


def test_rejected_rows_are_for_their_agency_and_for_who_may_send(who, guessed):
    row = guessed(csv_of(row_of()), consent=CONSENT)
    with pytest.raises(NotFound):
        imports.errors_csv(make_person("agency").who, row.id)
    with pytest.raises(Forbidden):
        imports.errors_csv(make_person("agency", role="finance", org_id=who.org_id).who, row.id)


def test_an_import_locked_for_a_change_is_read_as_it_is_now(app, who, guessed):
    row = guessed(csv_of(row_of()), consent=CONSENT)
    seen = leads.import_for(who, row.id)
    with app.app_context(), transaction():
        imports.start(who, row.id, {})
    assert seen.state == "waiting"
    assert leads.import_for(who, row.id, lock=True).state == "running"


def test_on_sale_is_what_buyers_can_see(who, listing, guessed, clock):
    row = guessed(csv_of(row_of(), row_of()), consent=CONSENT)
    with transaction():
        imports.start(who, row.id, {})
    imports.run(row.id)
    assert leads.on_sale_for(who) == 2
    with transaction():
        move(who, listing.id, ListingState.PAUSED)
    assert leads.on_sale_for(who) == 0
    with transaction():
        move(who, listing.id, ListingState.ACTIVE)
    clock.advance(days=121)
    assert leads.on_sale_for(who) == 0


def test_the_same_file_sent_from_two_places_at_once_is_one_import(app, who, listing):
    content = csv_of(row_of())

    def send(_place):
        with app.app_context():
            stored = imports.store(io.BytesIO(content), most=1 << 20)
            with transaction():
                return imports.create_once(who, listing.id, stored, file_name="a.csv").id

    with ThreadPoolExecutor(6) as places:
        made = set(places.map(send, range(6)))
    assert len(made) == 1
