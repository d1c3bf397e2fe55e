"""Coming in, and acting for another of one's organisations."""

from uuid import UUID

from marketplace import events
from marketplace.kit.errors import NotFound
from marketplace.kit.limits import Limit, spend
from marketplace.people import passwords
from marketplace.people.actions.rows import user_of
from marketplace.people.errors import WrongPassword
from marketplace.people.queries.who import epoch_of, who_of_address, who_of_session
from marketplace.people.who import Who

SIGN_INS_BY_ADDRESS = (Limit("sign_in:address:minute", 10, 60), Limit("sign_in:address:hour", 100, 3600))
SIGN_INS_BY_IP = (Limit("sign_in:ip:minute", 60, 60),)
LETTERS_BY_ADDRESS = (Limit("letters:address:hour", 5, 3600),)
LETTERS_BY_IP = (Limit("letters:ip:hour", 60, 3600),)


def throttle_sign_in(email: str, ip: str) -> None:
    """Count a try before `sign_in` or a change of password, in a transaction of its own.

    Raises:
        TooMany.
    """
    _count(SIGN_INS_BY_ADDRESS, email)
    _count(SIGN_INS_BY_IP, ip)


def throttle_letters(email: str, ip: str) -> None:
    """Count a try of anything that makes us write to an address (sign-up, reset, confirmation, invitation).

    In a transaction of its own, before the act. The address is the one that would get the letter.

    Raises:
        TooMany.
    """
    _count(LETTERS_BY_ADDRESS, email)
    _count(LETTERS_BY_IP, ip)


def sign_in(email: str, password: str, *, via: str = "page") -> Who:
    """The person, for the organisation joined first. An unknown address takes as long as a wrong password.

    Raises:
        WrongPassword, NoOrganisation.
    """
    user = user_of(email)
    if not passwords.is_right(user.password_hash if user else None, password) or user is None:
        raise WrongPassword
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_of(password)
    who = who_of_address(email, via=via)
    events.record("user.signed_in", user.id, by=who, orgs=[who.org_id])
    return who


def switch(who: Who, org_id: UUID) -> Who:
    """The same person acting for another organisation of theirs.

    Raises:
        NotFound: not one of theirs.
    """
    other = who_of_session(who.user_id, epoch_of(who), org_id)
    if other is None:
        raise NotFound
    return other


def _count(limits: tuple[Limit, ...], subject: str) -> None:
    for limit in limits:
        spend(limit, subject)
