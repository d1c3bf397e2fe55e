"""Jobs of scores."""

from uuid import UUID

from marketplace.jobs import defer, job, worker_goes_on
from marketplace.kit.db import transaction
from marketplace.quality.scores import actions


@job("quality.score_leads", every="*/5 * * * *")
def score_leads(subject_ids: list[str] | None = None) -> None:  # noqa: ARG001  # what came in only wakes it up
    """Score every lead that waits for it, whichever event or clock it was that woke this up."""
    last: UUID | None = None
    while worker_goes_on():
        with transaction():
            last = actions.score_unscored(last)
        if last is None:
            return


@job("quality.score_anew")
def score_anew(after: str | None = None) -> None:
    """After a model was promoted: leads that nobody has bought yet are scored with it."""
    last = UUID(after) if after else None
    while worker_goes_on():
        with transaction():
            last = actions.score_anew(last)
        if last is None:
            return
    with transaction():
        defer(score_anew, after=str(last) if last else None)
