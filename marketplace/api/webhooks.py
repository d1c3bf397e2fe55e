"""What comes from outside without a key: events of Stripe, proved by their signature."""

from flask import Blueprint, Response, jsonify, request

from marketplace import billing
from marketplace.api import errors
from marketplace.kit.db import transaction

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
errors.install(blueprint)

_MOST_BYTES = 1 << 20


@blueprint.before_request
def limit() -> None:
    request.max_content_length = _MOST_BYTES


@blueprint.post("/stripe")
def stripe() -> Response:
    """Keep the event and answer; a worker handles it. The same event again changes nothing."""
    event = billing.gateway().read_event(request.get_data(), request.headers.get("Stripe-Signature", ""))
    with transaction():
        billing.keep_event(event)
    return jsonify(received=True)
