"""Coming in, and acting for another of one's organisations."""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from marketplace import events
from marketplace.kit.errors import NotFound
from marketplace.kit.limits import Limit, spend
from marketplace.people import passwords
from marketplace.people.actions.rows import proved, user_of
from marketplace.people.browsers import marked_person
from marketplace.people.queries.who import who_of_address, who_of_member
from marketplace.people.who import Who

#: what makes us write to an address
Letter = Literal["sign_up", "confirmation", "reset", "invitation"]

#: tries of browsers that the person has come in with before, whoever else tries the address
SIGN_INS_BY_PERSON = (Limit("sign_in:person:minute", 10, 60), Limit("sign_in:person:hour", 100, 3600))
KNOWN_BY_NETWORK = (Limit("sign_in:known:minute", 300, 60),)
#: tries of all other browsers: of one network at one address, and of all networks together
SIGN_INS_AT_ADDRESS = (
    Limit("sign_in:address_network:minute", 10, 60),
    Limit("sign_in:address_network:hour", 100, 3600),
)
SIGN_INS_BY_ADDRESS = (Limit("sign_in:address:minute", 100, 60), Limit("sign_in:address:hour", 1_000, 3600))
SIGN_INS_BY_NETWORK = (Limit("sign_in:network:minute", 60, 60),)
CHANGES_BY_PERSON = (Limit("password:person:minute", 10, 60), Limit("password:person:hour", 100, 3600))
LETTERS_BY_ADDRESS = (Limit("letters:address:hour", 5, 3600),)
LETTERS_BY_NETWORK = (Limit("letters:network:hour", 60, 3600),)


def throttle_sign_in(email: str, network: str, mark: str = "") -> None:
    """Count a try before `sign_in`, in a transaction of its own.

    A try that is refused counts nowhere: one network alone cannot use up what an address may be tried from everywhere.

    Args:
        mark: what the browser keeps for this address (`queries.mark_of`), if it does.

    Raises:
        TooMany: alike for an unknown address.
    """
    person = marked_person(email, mark)
    if person:
        _count(KNOWN_BY_NETWORK, network)
        _count(SIGN_INS_BY_PERSON, str(person))
        return
    _count(SIGN_INS_BY_NETWORK, network)
    _count(SIGN_INS_AT_ADDRESS, f"{email} {network}")
    _count(SIGN_INS_BY_ADDRESS, email)


def throttle_password_change(who: Who, network: str) -> None:
    """Count a try before a change of password, in a transaction of its own: strangers have no part in it.

    Raises:
        TooMany.
    """
    _count(KNOWN_BY_NETWORK, network)
    _count(CHANGES_BY_PERSON, str(who.user_id))


def throttle_letters(kind: Letter, email: str, network: str) -> None:
    """Count a try of anything that makes us write to an address.

    In a transaction of its own, before the act. The address is the one that would get the letter. Kinds are counted
    apart: whoever has others sent to an address does not keep its owner from a new password.

    Raises:
        TooMany.
    """
    _count(LETTERS_BY_ADDRESS, f"{kind} {email}")
    _count(LETTERS_BY_NETWORK, network)


def sign_in(email: str, password: str, *, via: str = "page") -> Who:
    """The person, for the organisation joined first. An unknown address takes as long as a wrong password.

    Raises:
        WrongPassword, NoOrganisation.
    """
    user = proved(user_of(email), password)
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_of(password)
    who = who_of_address(email, via=via)
    events.record("user.signed_in", user.id, by=who, orgs=[who.org_id])
    return who


def switch(who: Who, org_id: UUID) -> Who:
    """The same person acting for another organisation of theirs, in the same sign-in.

    Raises:
        NotFound: not one of theirs, or their password is another one by now.
    """
    other = who_of_member(who.user_id, org_id, who.via)
    if other is None or other.epoch != who.epoch:
        raise NotFound
    return replace(other, sign_in_id=who.sign_in_id)


def _count(limits: tuple[Limit, ...], subject: str) -> None:
    for limit in limits:
        spend(limit, subject)
