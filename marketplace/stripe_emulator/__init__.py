"""A stand-in for Stripe that speaks HTTP, so that the real `stripe` client can run against it.

A program of its own: it shares no code with the marketplace and does not use the `stripe` package. It knows
customers, checkout sessions with a payment page for test cards, payment intents, charges, refunds, the balance and
its transactions, and events with signed webhooks; it keeps idempotency keys, settles money later than it takes it,
and can fail in all the ways in which a distant service fails (`Faults`).

    app = create_emulator(path, secret_key=..., webhook_url=..., webhook_secret=..., now=..., public_url=...)
    start_sender(app)
    serve(app, "127.0.0.1", 12111)
"""

from marketplace.stripe_emulator.app import create_emulator
from marketplace.stripe_emulator.faults import EventFault, Faults, RequestFault
from marketplace.stripe_emulator.server import running, serve
from marketplace.stripe_emulator.webhooks.sender import Sender, start_sender
from marketplace.stripe_emulator.world import Delays

__all__ = [
    "Delays",
    "EventFault",
    "Faults",
    "RequestFault",
    "Sender",
    "create_emulator",
    "running",
    "serve",
    "start_sender",
]
