"""The five ways in which staff go on with a doubt, by one word: pages and API say it the same way."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from uuid import UUID

from marketplace.disputes.doubts import actions
from marketplace.disputes.doubts.models import Doubt
from marketplace.people import Who


class Act(StrEnum):
    """What staff do; `propose`, `clear` and `lift` say why."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    CLEAR = "clear"
    LIFT = "lift"


#: these are explained
EXPLAINED = (Act.PROPOSE, Act.CLEAR, Act.LIFT)
_WITH_REASON: Mapping[Act, Callable[[Who, UUID, str], Doubt]] = {
    Act.PROPOSE: actions.propose,
    Act.CLEAR: actions.clear,
    Act.LIFT: actions.lift,
}
_WITHOUT: Mapping[Act, Callable[[Who, UUID], Doubt]] = {Act.CONFIRM: actions.confirm, Act.REFUSE: actions.refuse}


def go_on(who: Who, doubt_id: UUID, act: Act, reasoning: str) -> Doubt:
    """Do it. Raises what the act raises."""
    if act in _WITH_REASON:
        return _WITH_REASON[act](who, doubt_id, reasoning)
    return _WITHOUT[act](who, doubt_id)
