"""What changes leads stands in nobody's way who writes rows that point to them: two such could wait in a circle."""

from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace import leads
from marketplace.events import SYSTEM
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import db, session, transaction
from marketplace.leads.actions.retire import expire_due
from marketplace.leads.mending import checked, mend
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.factories.story import put_on_sale

ADDRESS = "maria.sandoval@example.com"


@pytest.fixture
def lead_id(app, api):
    """A lead that somebody at this moment writes a row about, such as that it has a twin."""
    (lead_id,) = put_on_sale(api(make_person("agency")), make_lead(email=ADDRESS, first_name="Naria"))
    with db.engine.connect() as beside:
        beside.execute(text("SELECT 1 FROM leads WHERE id = :id FOR KEY SHARE"), {"id": lead_id})
        yield UUID(lead_id)


def at_once():
    session().execute(text("SET LOCAL lock_timeout = '100ms'"))


def test_who_wants_no_more_calls_waits_for_none_of_them(lead_id):
    with transaction():
        at_once()
        assert leads.stop_person(blind_index("email", ADDRESS)) == 1


def test_a_lead_that_is_put_right_waits_for_none_of_them(lead_id):
    with transaction():
        at_once()
        lead = session().get_one(leads.Lead, lead_id)
        mend(lead_id, checked(lead, "first_name", "Maria"), by=SYSTEM, org_ids=[lead.agency_id])
        assert session().scalar(text("SELECT initials FROM leads")) == "MS"


def test_an_old_lead_goes_off_sale_at_once(lead_id, clock):
    clock.advance(days=130)
    with transaction():
        assert expire_due() == 1
