"""Limits that no constraint holds: they stand because what one buyer, or one of staff, wishes happens in a row."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from marketplace import billing
from marketplace.billing import ProposalState, proposals
from marketplace.billing.errors import DailyCap
from marketplace.kit.db import transaction
from tests.factories.paying import dollars
from tests.factories.people import make_person


def test_the_daily_cap_holds_however_many_ask_at_once(app):
    who, start = make_person("buyer").who, threading.Barrier(6)

    def ask(_number):
        start.wait()
        with app.app_context():
            try:
                with transaction():
                    billing.ask_top_up(who, dollars(500_00))
                    time.sleep(0.1)  # every other one has looked by now, if it may look
            except DailyCap:
                return 0
            return 500_00

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(6))) == 2_000_00


def test_nobody_gives_more_alone_by_asking_at_once(app):
    who, start = make_person("staff").who, threading.Barrier(4)
    buyers = [make_person("buyer").who.org_id for _ in range(4)]

    def give(org_id):
        start.wait()
        with app.app_context(), transaction():
            wish = {"about": org_id, "amount": dollars(60_00), "reason": "Delivered twice by our fault."}
            state = proposals.propose(who, "goodwill", **wish).state
            time.sleep(0.1)  # every other one has looked by now, if it may look
            return state

    with ThreadPoolExecutor(4) as pool:
        states = sorted(pool.map(give, buyers))
    assert states == [ProposalState.APPROVED, *[ProposalState.OPEN] * 3]
