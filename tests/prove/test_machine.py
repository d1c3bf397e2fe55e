"""Money holds: thousands of steps of many lives against the real product, beside a naive model of balances."""

import gc
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

IS_LONG = "PROVE_STEPS" in os.environ
#: of one test; CI has as many tests as seeds, so that they spread over its workers
STEPS = int(os.environ.get("PROVE_STEPS", "480"))
SEEDS = (int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**32)),) if IS_LONG else (0, 10, 20, 30)
#: shorter runs are for looking at something
ENOUGH_FOR_EVERY_KIND = 20_000

#: kinds of entries that the machine never writes, and why
NOT_WRITTEN = {
    "vat": "the company of the tests is in no register; stories of documents hold it",
    "deposit_forfeit": "no buyer of the proof loses nearly all of twelve disputes",
}

SETTINGS = settings(
    max_examples=10 if IS_LONG else 5,
    stateful_step_count=100,
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
    gc.freeze()  # what the product consists of is looked through once, not all the time
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        set_up(app, Path(folder), tells=IS_LONG) as stage,
    ):
        yield stage
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("number", SEEDS if not IS_LONG else ["a new one"])
def test_the_books_agree_with_a_naive_model(stage, capsys, number):
    """The same steps in every run of CI, 2,000 in all; `make prove` goes other ways each time, and tells which."""
    seen, number = Seen(), SEEDS[0] if IS_LONG else number
    while seen.steps < STEPS:
        if IS_LONG:
            say(capsys, f"{seen.steps} steps; make prove STEPS=1000 SEED={number} repeats what comes now.")
        run_state_machine_as_test(seed(number)(machine_on(stage, seen)), settings=SETTINGS)
        number += 1
    assert stage.death.strikes
    if IS_LONG:
        say(capsys, f"{seen.steps} steps, {stage.death.strikes} deaths before COMMIT: {seen.acts}")
    if seen.steps >= ENOUGH_FOR_EVERY_KIND:
        assert [name for name, count in seen.acts.items() if not count] == []
        assert set(RULES) - seen.kinds == set(NOT_WRITTEN)


def say(capsys, words):
    with capsys.disabled():
        sys.stdout.write(f"{words}\n")
