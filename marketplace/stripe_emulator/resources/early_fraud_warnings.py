"""Early fraud warnings: a card's bank says that a payment was probably not its owner's, before anybody disputes it."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("early_fraud_warnings")
_KIND = "radar.early_fraud_warning"
_LIST = list_params(charge=text(), payment_intent=text())


@resource.get("/radar/early_fraud_warnings/<warning_id>")
def retrieve(work: Work, _params: Json, warning_id: str) -> Json:
    return work.get(_KIND, warning_id)


@resource.get("/radar/early_fraud_warnings")
def list_warnings(work: Work, params: Json) -> Json:
    return page(work, _KIND, "/v1/radar/early_fraud_warnings", _LIST(params, ""))


def warn(work: Work, charge_id: str) -> None:
    charge = work.known(charge_id)
    warning = work.add(
        {
            "id": new_id("issfr"),
            "object": _KIND,
            "actionable": not charge["refunded"],
            "charge": charge_id,
            "created": work.now,
            "fraud_type": "made_with_stolen_card",
            "livemode": False,
            "payment_intent": charge["payment_intent"],
        }
    )
    events.record(work, f"{_KIND}.created", warning)
