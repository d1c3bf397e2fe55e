"""How many leads one decided audit stands for."""

from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from marketplace.quality.facts.models import AuditState, Finding, LeadAudit

_BP = 10_000.0
HEARD = (AuditState.PASSED, AuditState.FAILED)


def weight_of_audit() -> ColumnElement[Any]:
    """1 ÷ the rate at which it was drawn, as a column beside `LeadAudit`.

    A fault that was known needed no call, and of calls only some come to an end: so it weighs as much less as the share
    of calls that did. 0 while none has: faults alone say nothing of a share.
    """
    call = aliased(LeadAudit)
    calls = select(func.count().filter(call.state.in_(HEARD)), func.count()).where(
        call.why == "sample", call.finding.is_distinct_from(Finding.KNOWN)
    )
    ended, made = calls.subquery().c
    heard = select(cast(ended, Float) / func.greatest(made, 1)).scalar_subquery()
    is_known = LeadAudit.finding == Finding.KNOWN
    return literal(_BP, Float) / LeadAudit.rate_bp * case((is_known, heard), else_=literal(1.0, Float))
