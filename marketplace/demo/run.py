"""Running the demo: which parts there are, in which order they start, and what the person is told."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from marketplace.demo.people import PASSWORD, PEOPLE
from marketplace.demo.settings import is_free, prepare, stripe_port
from marketplace.demo.supervisor import AlreadyRunning, Database, Part, PartFailed, Supervisor, answers, only_one
from marketplace.kit import clock
from marketplace.kit.embedded_postgres import EmbeddedPostgres
from marketplace.stripe_emulator import create_emulator, create_world, play, serve, start_sender

_FAIRLEAD = (sys.executable, "-m", "marketplace")


def run_demo(port: int, folder: Path) -> None:
    """Run every part until Ctrl-C.

    Raises:
        click.ClickException: another demo runs on the folder, the port is taken, or a part does not start.
    """
    address = f"http://127.0.0.1:{port}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(folder, address):
            if not is_free(port):
                raise click.ClickException(
                    f"Something else answers on port {port}. Choose another: make demo PORT=8001"
                )
            prepare(folder, port)
            click.echo("Starting. The first time takes a little longer.")
            Supervisor(_parts(folder, port), logs=folder / "logs").run(when_ready=lambda: _greet(address, folder))
    except (AlreadyRunning, PartFailed) as why:
        raise click.ClickException(str(why)) from why
    click.echo("The demo has ended. Everything is kept in its folder.")


def run_emulator(app: Flask, folder: Path) -> None:
    """Be the demo's stand-in for Stripe; it obeys the product's clock."""
    settings = app.extensions["settings"]
    port = stripe_port(folder)
    world = create_world(
        folder / "stripe.sqlite",
        secret_key=settings.stripe_secret_key,
        webhook_url=f"{settings.public_url}/webhooks/stripe",
        webhook_secret=settings.stripe_webhook_secret,
        now=_now(app),
        public_url=f"http://127.0.0.1:{port}",
    )
    emulator = create_emulator()
    play(emulator, world)
    start_sender(emulator)
    serve(emulator, "127.0.0.1", port)


def _now(app: Flask) -> Callable[[], datetime]:
    """The product's clock for the threads of another program: each look has a context of its own."""

    def now() -> datetime:
        with app.app_context():
            return clock.now()

    return now


def _parts(folder: Path, port: int) -> list[Database | Part]:
    env = {"FAIRLEAD_DATA_DIR": str(folder), "FAIRLEAD_MODE": "demo"}
    stripe = f"http://127.0.0.1:{stripe_port(folder)}"
    return [
        Database(EmbeddedPostgres(folder)),
        Part("migrate", (*_FAIRLEAD, "migrate"), env, once=True),
        Part("stripe", (*_FAIRLEAD, "stripe-emulator", str(folder)), env, answers(f"{stripe}/healthz")),
        Part("world", (*_FAIRLEAD, "demo-world", str(folder)), env, once=True),
        Part("worker", (*_FAIRLEAD, "worker"), env),
        Part(
            "web", (*_FAIRLEAD, "serve", "--bind", f"127.0.0.1:{port}"), env, answers(f"http://127.0.0.1:{port}/readyz")
        ),
    ]


def _greet(address: str, folder: Path) -> None:
    click.echo(f"\nFairlead is ready: {address}\n")
    for person in PEOPLE:
        click.echo(f"  {person.email:20} {PASSWORD}   {person.org}")
    click.echo("\n  agency2 and buyer3 have traded for 100 days; everybody else has just come.")
    click.echo(
        f"\n  E-mails   {address}/demo/mail\n  API       {address}/api/docs, keys in {folder / 'demo-keys.json'}"
    )
    click.echo("  Card      4242 4242 4242 4242, any date to come, any CVC")
    click.echo(f"  Stripe    http://127.0.0.1:{stripe_port(folder)}/emulator: dispute a payment, send money back")
    click.echo("\nCtrl-C ends it.")
