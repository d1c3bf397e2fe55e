"""Jobs of quality: the nightly rating, the lots for calls, and what follows from a grade."""

from uuid import UUID

from marketplace.events import SYSTEM
from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.people import Grade, queries
from marketplace.quality import agencies

_AT_ONCE = 500


@job("quality.rate_night", every="*/10 * * * *")
def rate_night() -> None:
    agencies.rate_night()


@job("quality.draw_audits", every="*/10 * * * *")
def draw_audits() -> None:
    looked_at = _AT_ONCE
    while looked_at == _AT_ONCE:
        with transaction():
            looked_at = agencies.draw(_AT_ONCE)
    with transaction():
        agencies.leave_alone()
        agencies.draw_for_alarms()


@job("quality.leave_alone")
def leave_alone(subject_id: str) -> None:  # noqa: ARG001  # of which dispute they answered is no matter
    """Somebody may have said that they want no more calls."""
    with transaction():
        agencies.leave_alone()


@job("quality.follow_grade")
def follow_grade(subject_id: str) -> None:
    """With F an agency's new leads are held; with any other grade they are not."""
    agency_id = UUID(subject_id)
    with transaction():
        if queries.grade_of(agency_id) == Grade.F.value:
            agencies.alarms.suspend(agency_id, "grade")
        else:
            agencies.alarms.end_suspension(agency_id, "", SYSTEM)
