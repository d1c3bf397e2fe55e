"""A web process is killed in the middle of purchases: nothing acknowledged is lost, nothing is doubled."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import text

from marketplace import leads
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import Person, make_person
from tests.faults.listings import open_listing

KILLS, LEADS, PRICE = 20, 120, 5_00


@pytest.mark.slow
def test_kill_nine_under_load(app: Flask, serve: Callable[..., tuple[str, int]]):
    agency, buyer = make_person("agency"), make_person("buyer")
    lead_ids = _on_sale(agency)
    fund(buyer.who, LEADS * PRICE)
    address, master = serve(workers=2)
    acknowledged: dict[str, str] = {}
    ended = threading.Event()

    def buy(mine: list[str]) -> None:
        with httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {buyer.key}"}, timeout=20, verify=False
        ) as client:
            for lead_id in mine:
                acknowledged[lead_id] = _until_answered(client, lead_id)

    killer = threading.Thread(target=_kill_children, args=(master, ended))
    buyers = [threading.Thread(target=buy, args=(lead_ids[start::4],)) for start in range(4)]
    for thread in (killer, *buyers):
        thread.start()
    for thread in buyers:
        thread.join()
    ended.set()
    killer.join()

    rows = session().execute(text("SELECT lead_id::text, id::text FROM orders")).all()
    assert dict(rows) == acknowledged
    assert len(rows) == LEADS
    assert session().scalar(text("SELECT sum(balance) FROM ledger_accounts WHERE kind = 'wallet_cash'")) == 0
    assert all(finding.holds for finding in run_checks())


def _on_sale(agency: Person) -> list[str]:
    with transaction():
        listing = open_listing(agency.who, price_cents=PRICE)
        received = leads.receive(listing, [make_lead() for _ in range(LEADS)], by=agency.who)
    assert all(result.lead_id for result in received)
    return [str(result.lead_id) for result in received]


def _until_answered(client: httpx.Client, lead_id: str) -> str:
    """Repeat with the same key until the purchase is answered; return the order's id."""
    body = {"lead_id": lead_id, "quoted_price": {"amount": PRICE, "currency": "USD"}}
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            answer = client.post("/api/v1/orders", json=body, headers={"Idempotency-Key": f"buy-{lead_id}"})
        except httpx.HTTPError:
            time.sleep(0.05)
            continue
        if answer.status_code in (200, 201):
            return str(answer.json()["id"])
        assert answer.status_code >= 500, answer.text
        time.sleep(0.05)
    raise AssertionError("no answer within a minute")


def _kill_children(master: int, ended: threading.Event) -> None:
    """Kill one worker process of the server after the other."""
    for _ in range(KILLS):
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)
        if ended.wait(0.15):
            return
