"""Jobs of disputes: what happens when somebody's time is over."""

from marketplace.disputes import actions
from marketplace.jobs import job
from marketplace.kit.db import transaction


@job("disputes.uphold_unanswered", every="*/5 * * * *")
def uphold_unanswered() -> None:
    while _some_upheld():
        pass


def _some_upheld() -> bool:
    with transaction():
        return actions.uphold_unanswered() > 0
