"""A stand-in for Stripe that speaks HTTP, so that the real `stripe` client can run against it.

A program of its own: it shares no code with the marketplace and does not use the `stripe` package. It knows
customers and their saved cards, checkout sessions with a page for test cards, payment and setup intents, charges,
refunds, connected accounts with a page on which they tell who they are, transfers, payouts, balances and their
transactions, and events with signed webhooks; it keeps idempotency keys, settles money later than it takes it, and
can fail in all the ways in which a distant service fails (`Faults`).

`table.py` names all it answers to. `protocol/` is how Stripe is spoken to, `resources/` has its objects and
endpoints, `paying/` and `connect/` what becomes of them, `pages/` the hosted pages, `webhooks/` what is told.

    app = create_emulator()
    play(app, create_world(path, secret_key=..., webhook_url=..., webhook_secret=..., now=..., public_url=...))
    start_sender(app)
    serve(app, "127.0.0.1", 12111)
"""

from marketplace.stripe_emulator.app import create_emulator, create_world
from marketplace.stripe_emulator.control import Control
from marketplace.stripe_emulator.faults import EventFault, Faults, RequestFault
from marketplace.stripe_emulator.server import serve, server_of
from marketplace.stripe_emulator.webhooks.sender import Sender, start_sender
from marketplace.stripe_emulator.world import Delays, World, play

__all__ = [
    "Control",
    "Delays",
    "EventFault",
    "Faults",
    "RequestFault",
    "Sender",
    "World",
    "create_emulator",
    "create_world",
    "play",
    "serve",
    "server_of",
    "start_sender",
]
