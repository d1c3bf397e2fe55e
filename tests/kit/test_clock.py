"""The product's time as it is read in the middle of an act."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.people import Organisation
from tests.factories.people import make_person


def test_to_ask_for_the_time_writes_nothing(app):
    org_id = make_person("buyer").org_id
    flushed = []
    with transaction():
        org = session().get(Organisation, org_id)
        org.name = "Half a change"
        event.listen(session(), "after_flush", lambda *_: flushed.append(1))
        clock.let_it_move(allowed=True)  # what was known of the time is forgotten
        clock.now()
        assert flushed == []
    assert flushed == [1]


def test_time_begins_once_in_the_past_and_runs_up_to_today(app):
    with transaction():
        session().execute(delete(clock.ClockOffset))
        clock.begin(timedelta(days=100))
    assert timedelta(days=99, hours=23) < clock.behind() <= timedelta(days=100)
    with transaction():
        long_ago = clock.now()
    with pytest.raises(ValueError, match="its time already"), transaction():
        clock.begin(timedelta(days=1))
    with transaction():
        clock.advance(clock.behind())
    assert clock.behind() == timedelta(0)
    assert clock.now() - long_ago >= timedelta(days=100)
