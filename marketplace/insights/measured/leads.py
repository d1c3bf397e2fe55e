"""How many of the leads that were sold held up, and of which agencies they were."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from marketplace.insights.measured.shares import share
from marketplace.kit.db import session
from marketplace.people import Organisation, OrgKind
from marketplace.quality.facts import SoldLead

#: as they stand in every table of grades
GRADES = ("A", "B", "C", "new", "D", "E", "F")


def leads_since(since: datetime) -> dict[str, Any]:
    """Leads that matured: those without a fault, those disputed, and how many of these were upheld."""
    columns = (
        func.count(),
        func.count().filter(SoldLead.fault.is_(False)),
        func.count().filter(SoldLead.disputed),
        func.count().filter(SoldLead.disputed, SoldLead.fault.is_(True)),
    )
    matured, good, disputed, upheld = session().execute(select(*columns).where(SoldLead.matured_at > since)).one()
    return {
        "held_up": share(good, matured),
        "disputed": {**share(disputed, matured), "upheld": upheld},
    }


def grades_since(since: datetime) -> list[dict[str, Any]]:
    """Verified agencies by grade: how many, their part of what was sold, and the faults of what matured."""
    is_sold, is_matured = SoldLead.placed_at > since, SoldLead.matured_at > since
    by_agency = (
        select(
            SoldLead.agency_id,
            func.count().filter(is_sold).label("sold"),
            func.count().filter(is_matured).label("matured"),
            func.count().filter(is_matured, SoldLead.fault.is_(True)).label("faults"),
        )
        .where(or_(is_sold, is_matured))
        .group_by(SoldLead.agency_id)
        .subquery()
    )
    sums = [func.coalesce(func.sum(by_agency.c[name]), 0) for name in ("sold", "matured", "faults")]
    rows = session().execute(
        select(Organisation.grade, func.count(), *sums)
        .outerjoin(by_agency, by_agency.c.agency_id == Organisation.id)
        .where(Organisation.kind == OrgKind.AGENCY.value, Organisation.verified_at.is_not(None))
        .group_by(Organisation.grade)
    )
    found = {grade: (agencies, int(sold), int(matured), int(faults)) for grade, agencies, sold, matured, faults in rows}
    whole = sum(sold for _, sold, _, _ in found.values())
    return [_grade(name, whole, *found.get(name, (0, 0, 0, 0))) for name in GRADES]


def _grade(name: str, whole: int, agencies: int, sold: int, matured: int, faults: int) -> dict[str, Any]:
    return {
        "grade": name,
        "agencies": agencies,
        "sold": sold,
        "part": sold / whole if whole else None,
        "faults": share(faults, matured),
    }
