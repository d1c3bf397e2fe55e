"""Jobs of leads: guessing and running imports, taking old leads off sale."""

from collections.abc import Callable, Sequence
from uuid import UUID

from marketplace.jobs import defer, job, worker_goes_on
from marketplace.kit.db import transaction
from marketplace.leads import actions, imports, likeness, placing, traces, twins

_AGENCIES = 500


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


@job("leads.place_anew")
def place_anew(subject_id: str) -> None:
    """An agency has another grade now."""
    placing.place_anew(UUID(subject_id))


@job("leads.place_all_anew", every="50 3 * * *")
def place_all_anew(subject_id: str = "", after: str | None = None) -> None:
    """Place the leads of all agencies anew: when terms change, and every night for leads without a place.

    Args:
        subject_id: of the terms that were set, which makes no difference; empty at night.
        after: the agency with which another worker ended.
    """
    agency_ids = _agencies_after(UUID(after) if after else None)
    while agency_ids:
        for agency_id in agency_ids:
            placing.place_anew(agency_id)
            if not worker_goes_on():
                with transaction():
                    defer(place_all_anew, subject_id=subject_id, after=str(agency_id))
                return
        agency_ids = _agencies_after(agency_ids[-1])


def _agencies_after(agency_id: UUID | None) -> Sequence[UUID]:
    with transaction():
        return placing.agencies_after(agency_id, _AGENCIES)


@job("leads.forget_traces", every="40 3 * * *")
def forget_traces() -> None:
    """Digests of connections, devices, remarks and names, and twins, are kept for as long as they are of use."""
    for forget_old in (traces.forget_old, likeness.forget_old, twins.forget_old):
        while _some_forgotten(forget_old):
            pass


def _some_forgotten(forget_old: Callable[[], int]) -> bool:
    with transaction():
        return forget_old() > 0
