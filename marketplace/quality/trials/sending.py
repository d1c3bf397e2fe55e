"""A file on its way into the store, and what is done when its trial was thrown away meanwhile."""

from uuid import UUID

from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.files import Readable
from marketplace.leads import imports
from marketplace.people import Who
from marketplace.quality.trials.actions import received
from marketplace.quality.trials.errors import WrongTrialState
from marketplace.quality.trials.queries import trial_for
from marketplace.quality.trials.running import forget


def take_in(who: Who, trial_id: UUID, source: Readable, *, most: int) -> UUID:
    """An edge: put the file into the store; which trial it belongs to. No transaction is open while it is sent.

    Raises: NotFound, Forbidden, TooLarge. WrongTrialState: it was thrown away meanwhile, and the file is with it.
    """
    name = trial_for(who, trial_id).stored_as
    if name is None:
        raise WrongTrialState
    stored = imports.store(source, most=most, name=name)
    try:
        with transaction():
            return received(who, trial_id, stored).id
    except Refusal:
        forget(trial_id)
        raise
