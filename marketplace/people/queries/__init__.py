"""Reading about people."""

from marketplace.people.browsers import Mark, mark_name, mark_of, surplus
from marketplace.people.queries.by_key import hash_of_key, holder, may, who_of_key
from marketplace.people.queries.letters import (
    Addressee,
    Card,
    Invited,
    addressee,
    addressees,
    card,
    confirmation_token,
    invited,
    reset_token,
    staff_addressees,
    standing_keys,
)
from marketplace.people.queries.organisations import (
    Acceptance,
    Place,
    acceptances_for,
    find_for,
    grade_of,
    has_accepted,
    names_of,
    organisations_for,
    organisations_of,
)
from marketplace.people.queries.passkeys import passkey, passkeys_for, standing_passkeys
from marketplace.people.queries.second_factor import SecondFactor, second_factor_of
from marketplace.people.queries.sign_ins import Session, session_of, sign_ins_for
from marketplace.people.queries.team import (
    Member,
    OpenInvitation,
    api_keys_for,
    invitation_of,
    invitations_for,
    members_for,
)
from marketplace.people.queries.who import who_of_address, who_of_member

__all__ = [
    "Acceptance",
    "Addressee",
    "Card",
    "Invited",
    "Mark",
    "Member",
    "OpenInvitation",
    "Place",
    "SecondFactor",
    "Session",
    "acceptances_for",
    "addressee",
    "addressees",
    "api_keys_for",
    "card",
    "confirmation_token",
    "find_for",
    "grade_of",
    "has_accepted",
    "hash_of_key",
    "holder",
    "invitation_of",
    "invitations_for",
    "invited",
    "mark_name",
    "mark_of",
    "may",
    "members_for",
    "names_of",
    "organisations_for",
    "organisations_of",
    "passkey",
    "passkeys_for",
    "reset_token",
    "second_factor_of",
    "session_of",
    "sign_ins_for",
    "staff_addressees",
    "standing_keys",
    "standing_passkeys",
    "surplus",
    "who_of_address",
    "who_of_key",
    "who_of_member",
]
