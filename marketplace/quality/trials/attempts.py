"""How often a trial may be tried: one that kills its worker, or breaks each time, must not come back without end."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from marketplace.kit.logs import told_without_words
from marketplace.quality.trials.actions import end
from marketplace.quality.trials.models import ConversionTrial, TrialState
from marketplace.quality.trials.rules import MOST_ATTEMPTS

log = structlog.get_logger()

Result = TypeVar("Result")


def is_begun(row: ConversionTrial, state: TrialState) -> bool:
    """Whether this locked trial, which is to be in `state`, is tried once more; it is counted before it is tried.

    What is still there after the last attempt ended its worker each time: nobody lived to write down why.
    """
    if row.state != state:
        return False
    if row.attempts >= MOST_ATTEMPTS:
        end(row, TrialState.FAILED, failure="too_large")
        return False
    row.attempts += 1
    return True


def tried(attempt: int, work: Callable[[], Result], at_last: Result) -> Result:
    """What the work returns; where it breaks at the last attempt, `at_last`. Raises: what it broke with before."""
    try:
        return work()
    except Exception as error:
        if attempt < MOST_ATTEMPTS:
            raise
        log.error("trial.broken", **told_without_words(error))  # noqa: TRY400  # messages may quote people
        return at_last
