"""Opening an account. The answer never tells whether an address is known; the letter does, to its owner."""

from marketplace import events
from marketplace.kit.i18n import locale_code
from marketplace.people import passwords, terms, tokens
from marketplace.people.actions.organisations import open_organisation, write_acceptance
from marketplace.people.actions.rows import Themselves, add_member, add_user, confirm, lock_user, user_of
from marketplace.people.errors import TokenInvalid
from marketplace.people.models import Role, User
from marketplace.people.schemas import SignUp
from marketplace.people.tokens import CONFIRM


def sign_up(form: SignUp, *, via: str = "page") -> None:
    """Open an organisation with its first owner, or, for a known address, have its owner told by letter.

    Raises:
        WeakPassword, OldTerms.
    """
    passwords.check(form.password, form.email)
    terms.require_current(form.accepted)
    user = add_user(form.email, form.name, passwords.hash_of(form.password), locale_code())
    if user is None:
        _tell_owner(form.email, via)
        return
    by = Themselves(user.id, via)
    org = open_organisation(form.kind, form.organisation, form.country, by=by)
    add_member(user.id, org.id, Role.OWNER, by)
    write_acceptance(org.id, by, form.accepted)
    events.record("user.signed_up", user.id, by=by, orgs=[org.id], kind=form.kind)


def confirm_email(token: str, *, via: str = "page") -> User:
    """Take the address as confirmed; a second click on the same link changes nothing.

    Raises:
        TokenInvalid, TokenExpired.
    """
    user_id, content = tokens.read(CONFIRM, token, "user")
    user = lock_user(user_id)
    if user is None or content.get("address") != tokens.address_mark(user.email):
        raise TokenInvalid
    confirm(user, Themselves(user.id, via))
    return user


def send_confirmation_again(email: str, *, via: str = "page") -> None:
    """Have the letter sent once more, if there is somebody who waits for it; the answer is always the same."""
    user = user_of(email)
    if user and user.email_confirmed_at is None:
        events.record("user.confirmation_wanted", user.id, by=Themselves(user.id, via))


def _tell_owner(email: str, via: str) -> None:
    known = user_of(email)
    if known:
        events.record("user.address_known", known.id, by=Themselves(known.id, via))
