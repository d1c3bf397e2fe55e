"""The product's time as it is read in the middle of an act."""

from sqlalchemy import event

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
        clock._Movable.read_at = 0.0
        clock.now()
        assert flushed == []
    assert flushed == [1]
