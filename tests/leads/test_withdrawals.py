"""An address is withdrawn while leads come in."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from marketplace import leads
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import db, session, transaction
from marketplace.kit.ids import new_id
from marketplace.leads import withdrawals


def test_who_withdraws_waits_for_the_chunks_that_have_looked_already(app):
    """Else such a chunk would put a lead on sale behind the back of the act that takes them off."""
    address = blind_index("email", "maria.sandoval@example.com")
    with db.engine.connect() as one, db.engine.connect() as two:
        for intake in (one, two):
            intake.execute(withdrawals._TAKE_IN, {"agency": str(new_id())})
        with transaction():
            session().execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"), session().begin_nested():
                leads.stop_person(address)
    with transaction():
        leads.stop_person(address)
        assert withdrawals.withdrawn_among([address, b"another"]) == {address}
