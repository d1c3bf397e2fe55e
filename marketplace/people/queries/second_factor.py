"""Whether a person's sign-in asks for a code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.kit.db import session
from marketplace.people.models import Authenticator, RecoveryCode
from marketplace.people.who import Who


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """An app that is turned on, and how many recovery codes are left for the day on which it is lost."""

    since: datetime
    codes_left: int


def second_factor_of(who: Who) -> SecondFactor | None:
    """The person's own; None while the password alone signs them in."""
    left = select(func.count()).where(RecoveryCode.user_id == who.user_id, RecoveryCode.used_at.is_(None))
    mine = select(Authenticator.created_at, left.scalar_subquery()).where(Authenticator.user_id == who.user_id)
    row = session().execute(mine).first()
    return SecondFactor(*row) if row else None
