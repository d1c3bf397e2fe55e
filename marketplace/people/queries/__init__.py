"""Reading about people."""

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
)
from marketplace.people.queries.organisations import (
    Acceptance,
    Place,
    acceptances_for,
    find_for,
    has_accepted,
    organisations_for,
    organisations_of,
    require_accepted,
)
from marketplace.people.queries.team import (
    Member,
    OpenInvitation,
    api_keys_for,
    invitation_of,
    invitations_for,
    members_for,
)
from marketplace.people.queries.who import epoch_of, who_of_address, who_of_key, who_of_session

__all__ = [
    "Acceptance",
    "Addressee",
    "Card",
    "Invited",
    "Member",
    "OpenInvitation",
    "Place",
    "acceptances_for",
    "addressee",
    "addressees",
    "api_keys_for",
    "card",
    "confirmation_token",
    "epoch_of",
    "find_for",
    "has_accepted",
    "invitation_of",
    "invitations_for",
    "invited",
    "members_for",
    "organisations_for",
    "organisations_of",
    "require_accepted",
    "reset_token",
    "staff_addressees",
    "who_of_address",
    "who_of_key",
    "who_of_session",
]
