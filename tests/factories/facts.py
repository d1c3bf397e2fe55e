"""What became of many sold leads, written as it is told: all of them stand for one lead that really is there."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.leads import Lead
from marketplace.quality import agencies
from marketplace.quality.agencies import AgencyAlarm
from marketplace.quality.facts import LeadAudit, SoldLead
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.factories.story import put_on_sale


class Facts:
    """Sold leads of one agency: `facts.sold(50, faults=3)`."""

    def __init__(self, api, buyers=6, *, channel="search"):
        self.agency = make_person("agency")
        self.api = api(self.agency)
        (lead_id,) = put_on_sale(self.api, make_lead(channel=channel))
        with transaction():
            self.lead = session().get(Lead, UUID(lead_id))
        self.buyers = [make_person("buyer").org_id for _ in range(buyers)]

    @property
    def id(self):
        return self.agency.org_id

    def sold(self, count, faults=0, *, channel="search", age=1.0, buyers=None, won=0, drawn=True, last_bad=True):
        """So many matured leads, a minute apart, the last ones at fault; they went to all buyers in turn."""
        buyers, now = buyers or self.buyers, clock.now()
        rows = [self._row(n, count, buyers, now - timedelta(days=age), channel) for n in range(count)]
        bad = rows[-faults:] if last_bad else rows[:faults]
        for row in bad if faults else []:
            row.update(fault=True, fault_reason="invalid_phone", disputed=True)
        for row in rows:
            row["drawn"] = drawn
        for row in rows[:won]:
            row.update(stage="won", won_at=now, won_cents=90_000)
        with transaction():
            session().execute(insert(SoldLead), rows)
        return [row["order_id"] for row in rows]

    def _row(self, n, count, buyers, until, channel):
        matured = until - timedelta(minutes=count - n)
        return {
            "order_id": new_id(),
            "lead_id": self.lead.id,
            "listing_id": self.lead.listing_id,
            "agency_id": self.id,
            "buyer_id": buyers[n % len(buyers)],
            "vertical": "education",
            "channel": channel,
            "is_per_sale": False,
            "price_cents": 2_500,
            "currency": "USD",
            "placed_at": matured - timedelta(days=7),
            "matured_at": matured,
            "fault": False,
            "fault_reason": None,
            "disputed": False,
            "stage": "contacted",
            "won_at": None,
            "won_cents": None,
        }


def facts_of(agency_id):
    """Everything that is known of an agency's sold leads."""
    session().expire_all()
    return session().scalars(select(SoldLead).where(SoldLead.agency_id == agency_id)).all()


def drawn_calls(agency_id, count):
    """So many calls about sold leads of an agency that are to be made; their ids."""
    return add_calls(facts_of(agency_id)[:count])


def add_calls(sold):
    """Calls about these sold leads, drawn by lot, that are to be made; their ids."""
    shared = {"why": "sample", "rate_bp": 3_000, "drawn_at": clock.now()}
    told = ("order_id", "lead_id", "agency_id", "channel")
    rows = [{"id": new_id(), **{name: getattr(each, name) for name in told}, **shared} for each in sold]
    with transaction():
        session().execute(insert(LeadAudit), rows)
    return [str(row["id"]) for row in rows]


def ringing(agency_id, count):
    """So many channels of an agency with an alarm; the alarms' ids."""
    channels = [f"channel-{number}" for number in range(count)]
    with transaction():
        for channel in channels:
            agencies.alarms.ring(agency_id, channel, level=5.0, expected=0.08, leads=40)
    found = select(AgencyAlarm.id).where(AgencyAlarm.agency_id == agency_id).order_by(AgencyAlarm.id)
    return [str(alarm_id) for alarm_id in session().scalars(found)]
