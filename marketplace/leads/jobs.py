"""Jobs of leads: guessing and running imports, taking old leads off sale."""

from uuid import UUID

from marketplace.jobs import defer, job, worker_goes_on
from marketplace.kit.db import transaction
from marketplace.leads import actions, imports


@job("leads.guess_import")
def guess_import(subject_id: str) -> None:
    with transaction():
        imports.guess(UUID(subject_id))


@job("leads.run_import")
def run_import(subject_id: str) -> None:
    if not imports.run(UUID(subject_id), goes_on=worker_goes_on):
        with transaction():
            defer(run_import, subject_id=subject_id)


@job("leads.expire_due", every="*/10 * * * *")
def expire_due() -> None:
    while _some_expired():
        pass


def _some_expired() -> bool:
    with transaction():
        return actions.expire_due() > 0
