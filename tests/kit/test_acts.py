"""What happened, and what is to be done, is kept with its act or not at all."""

import pytest
from sqlalchemy import text

from marketplace.events import SYSTEM, record
from marketplace.jobs import defer
from marketplace.kit.db import NotInAct, session
from marketplace.kit.ids import new_id
from marketplace.notices import jobs as notices


def test_neither_an_event_nor_a_job_is_kept_outside_an_act(app):
    counted = text("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM procrastinate_jobs)")
    before = session().execute(counted).one()
    with pytest.raises(NotInAct):
        record("user.signed_in", new_id(), by=SYSTEM)
    with pytest.raises(NotInAct):
        defer(notices.person_stopped, subject_id=str(new_id()))
    session().rollback()
    assert session().execute(counted).one() == before
