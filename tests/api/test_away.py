"""Stripe is out of reach: what is asked for meanwhile is answered at once, kept, and done when asked for again."""

import pytest

from tests.factories.chain import rows
from tests.factories.people import make_person
from tests.factories.running import paying

TOP_UP = {"amount": {"amount": 50_00, "currency": "USD"}}


@pytest.mark.parametrize(
    "wish",
    [
        ("agency", "/payout-account", None, "payout_accounts"),
        ("buyer", "/wallet/top-ups", TOP_UP, "top_ups"),
        ("buyer", "/wallet/cards", None, "card_setups"),
    ],
)
def test_what_cannot_be_done_now_goes_on_later(app, api, live, tmp_path, emulators, wish):
    kind, path, body, table = wish
    person = make_person(kind)
    for _ in range(2):
        away = api(person).post(path, body, idem="the same")
        assert (away.status, away.code, away.headers["Retry-After"]) == (503, "payments_unavailable", "60")
    kept = rows(f"SELECT id FROM {table}")
    with paying(emulators, app, live, tmp_path):
        assert api(person).post(path, body, idem="the same").status == 201
    assert len(kept) == 1
    assert rows(f"SELECT id FROM {table}") == kept
