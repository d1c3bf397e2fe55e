"""Who of staff is at a page."""

from flask_login import current_user

from marketplace.kit.errors import NotFound, Unauthorized
from marketplace.people import Power, Who


def staff(power: Power) -> Who:
    """The member of staff who asks, with this power; for everybody else these pages do not exist.

    Raises:
        Unauthorized: nobody is signed in. NotFound: not staff. Forbidden: staff without this power.
    """
    if not current_user.is_authenticated:
        raise Unauthorized
    who: Who = current_user.who
    if not who.is_staff:
        raise NotFound
    who.need(power)
    return who
