"""Commands that run: the demo, and the parts of an installation."""

from pathlib import Path

import click

from marketplace import events, jobs
from marketplace.cli.application import application, settings
from marketplace.cli.serving import serve_with
from marketplace.demo import run_demo, run_emulator
from marketplace.demo.cases import make_cases
from marketplace.demo.world import fill
from marketplace.kit.db import transaction

_PORT = click.IntRange(1, 65_534)


@click.command()
@click.option("--port", type=_PORT, default=8000, show_default=True)
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path(".demo"), show_default=True)
def demo(port: int, data_dir: Path) -> None:
    """Run everything on this machine, with a world to look at; Ctrl-C ends it."""
    run_demo(port, data_dir.resolve())


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
def serve(bind: str, workers: int, threads: int) -> None:
    """Answer HTTP requests."""
    with settings() as found:
        serve_with(found, bind, workers, threads)


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True)
def worker(concurrency: int) -> None:
    """Run jobs, and pass on what happened to what follows from it."""
    with application() as app:
        jobs.work(app.extensions["settings"].database_url, _relay, concurrency)


def _relay() -> int:
    with transaction():
        return events.drain()


@click.command(name="stripe-emulator", hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
def stripe_emulator(folder: Path) -> None:
    """Run the demo's stand-in for Stripe."""
    with application() as app:
        run_emulator(app, folder)


@click.command(name="demo-world", hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
def demo_world(folder: Path) -> None:
    """Fill an empty demo, and write its keys down."""
    with application():
        fill(folder)


@click.command(name="demo-cases", hidden=True)
@click.option("--count", type=click.IntRange(1, 60), default=30, show_default=True)
def demo_cases(count: int) -> None:
    """Open disputes in a running demo, for trying the desk of those who decide."""
    with application():
        click.echo(make_cases(count))
