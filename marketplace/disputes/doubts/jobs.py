"""Jobs of doubts."""

from uuid import UUID

from marketplace.disputes.doubts import actions
from marketplace.jobs import job
from marketplace.kit.db import transaction


@job("disputes.open_doubt")
def open_doubt(subject_id: str) -> None:
    """The subject is the buyer whose test was flagged."""
    with transaction():
        actions.open_doubt(UUID(subject_id))
