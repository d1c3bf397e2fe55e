"""Coming in, and acting for another of one's organisations."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from marketplace import events
from marketplace.kit.errors import NotFound
from marketplace.kit.limits import Limit, spend
from marketplace.people import passwords, tokens
from marketplace.people.actions import codes
from marketplace.people.actions.rows import Themselves, lock_user, proved, user_of
from marketplace.people.browsers import mark_name, marked_person
from marketplace.people.errors import SecondFactorIsOff, TokenUsed
from marketplace.people.models import Proof, User
from marketplace.people.queries.letters import addressee
from marketplace.people.queries.who import who_of_address, who_of_member
from marketplace.people.tokens import HALF_WAY
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
#: codes of the second factor, by who knows the password; strangers that do use up none of the person's own tries
CODES_BY_PERSON = (Limit("code:person:minute", 10, 60), Limit("code:person:day", 100, 86_400))
CODES_OF_STRANGERS = (Limit("code:strangers:minute", 5, 60), Limit("code:strangers:day", 50, 86_400))
CHANGES_BY_PERSON = (Limit("password:person:minute", 10, 60), Limit("password:person:hour", 100, 3600))
LETTERS_BY_ADDRESS = (Limit("letters:address:hour", 5, 3600),)
LETTERS_BY_NETWORK = (Limit("letters:network:hour", 60, 3600),)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """The password is right, and a code is still to come: nobody is signed in yet.

    Attributes:
        token: lets the browser that has it send the code, for ten minutes and until there is a new password.
    """

    token: str = field(repr=False)


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


def throttle_code(token: str, network: str, kept: Mapping[str, str]) -> None:
    """Count a try before `finish_sign_in`, in a transaction of its own.

    Args:
        token: of `HalfWay`.
        kept: everything that the browser keeps, by name: its mark tells it from a stranger's.

    Raises:
        TokenInvalid, TokenExpired, TooMany.
    """
    user_id, _content = tokens.read(HALF_WAY, token, "user")
    email = addressee(user_id).email
    is_known = marked_person(email, kept.get(mark_name(email), "")) is not None
    _count(KNOWN_BY_NETWORK if is_known else SIGN_INS_BY_NETWORK, network)
    _count(CODES_BY_PERSON if is_known else CODES_OF_STRANGERS, str(user_id))


def throttle_own_code(who: Who) -> None:
    """Count a try of a code by somebody who is signed in, in a transaction of its own.

    Raises:
        TooMany.
    """
    _count(CODES_BY_PERSON, str(who.user_id))


def throttle_password_change(who: Who, network: str) -> None:
    """Count a try of one's own password while signed in, in a transaction of its own: strangers have no part in it.

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


def sign_in(email: str, password: str, *, via: str = "page") -> Who | HalfWay:
    """The person, for the organisation joined first, or half the way to it where a second factor is on.

    An unknown address takes as long as a wrong password.

    Raises:
        WrongPassword, NoOrganisation.
    """
    user = proved(user_of(email), password)
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_of(password)
    return half_way(user) or came_in(user, Proof.PASSWORD, via)


def half_way(user: User) -> HalfWay | None:
    """For somebody whose password was right: what comes next, if it is not all."""
    return HalfWay(tokens.half_way(user)) if codes.app_of(user.id) else None


def finish_sign_in(token: str, code: str, *, via: str = "page") -> tuple[Who, Proof]:
    """Come in with a code, or a recovery code, after the password: -> the person, and with which of them.

    Raises:
        TokenInvalid, TokenExpired,
        TokenUsed: there is a new password, or no second factor any more: to be started anew.
        WrongCode, NoOrganisation.
    """
    user_id, content = tokens.read(HALF_WAY, token, "user")
    user = lock_user(user_id)
    if user is None or content.get("epoch") != user.session_epoch:
        raise TokenUsed
    try:
        proof = codes.use(user, code, Themselves(user.id, via))
    except SecondFactorIsOff as why:
        raise TokenUsed from why
    return came_in(user, proof, via), proof


def switch(who: Who, org_id: UUID) -> Who:
    """The same person acting for another organisation of theirs, in the same sign-in.

    Raises:
        NotFound: not one of theirs, or their password is another one by now.
    """
    other = who_of_member(who.user_id, org_id, who.via)
    if other is None or other.epoch != who.epoch:
        raise NotFound
    return replace(other, sign_in_id=who.sign_in_id)


def came_in(user: User, proof: Proof, via: str) -> Who:
    """Somebody has proved who they are: -> for the organisation joined first. Raises NoOrganisation."""
    who = who_of_address(user.email, via=via)
    events.record("user.signed_in", user.id, by=who, orgs=[who.org_id], proof=proof.value)
    return who


def _count(limits: tuple[Limit, ...], subject: str) -> None:
    for limit in limits:
        spend(limit, subject)
