"""Money holds: thousands of steps of many lives against the real product, beside a naive model of balances."""

import os
import random
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from marketplace.ledger.rules import RULES
from tests.prove.machine import Seen, machine_on
from tests.prove.stage import set_up

STEPS = int(os.environ.get("PROVE_STEPS", "450"))
IS_LONG = "PROVE_STEPS" in os.environ
#: shorter runs are for looking at something
ENOUGH_FOR_EVERY_KIND = 20_000

#: kinds of entries that the machine never writes, and why
NOT_WRITTEN = {
    "vat": "the company of the tests is in no register; stories of documents hold it",
    "deposit_forfeit": "no act of the product writes it yet",
}

SETTINGS = settings(
    max_examples=10,
    stateful_step_count=100 if IS_LONG else 50,
    deadline=None,
    database=None,
    print_blob=False,
    phases=(Phase.generate, Phase.shrink) if IS_LONG else (Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def stage(app):
    """Stripe's stand-in writes to memory, where there is such a folder: nothing is switched off here."""
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        set_up(app, Path(folder), tells=IS_LONG) as stage,
    ):
        yield stage


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_the_books_agree_with_a_naive_model(stage, capsys):
    """The same steps in every run of CI; `make prove` goes other ways each time, and tells which."""
    seen, number = Seen(), 0
    if IS_LONG:
        number = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**32))
    while seen.steps < STEPS:
        say(capsys, f"{seen.steps} steps; make prove STEPS=1000 SEED={number} repeats what comes now.")
        run_state_machine_as_test(seed(number)(machine_on(stage, seen)), settings=SETTINGS)
        number += 1
    if IS_LONG:
        say(capsys, f"{seen.steps} steps: {seen.acts}")
    if seen.steps >= ENOUGH_FOR_EVERY_KIND:
        assert [name for name, count in seen.acts.items() if not count] == []
        assert set(RULES) - seen.kinds == set(NOT_WRITTEN)


def say(capsys, words):
    with capsys.disabled():
        sys.stdout.write(f"{words}\n")
