"""Who is asking: every read and every act takes one."""

from dataclasses import dataclass
from uuid import UUID

from marketplace.kit.errors import Forbidden
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.people.rules import Power


class MissingScope(Forbidden):
    code = "missing_scope"
    sentence = _l("This key does not have the scope for this. Make a key that has it.")


@dataclass(frozen=True, slots=True)
class Who:
    """A person acting for an organisation.

    Attributes:
        org_kind: `agency`, `buyer` or `staff`.
        role: `owner`, `manager`, `member` or `finance`.
        powers: what role and, for a key, scopes allow.
        via: `page`, `api` or `command`, for the record.
        is_confirmed: the person's e-mail address is confirmed.
        is_verified: staff have checked the organisation.
        has_terms: the organisation has accepted the terms of today.
        epoch: of the password by which the person is known; a session carries it and ends with it.
        sign_in_id: the sign-in of the browser that asks; None for a key or a command.
        user_name, org_name: for the frame of a page.
    """

    user_id: UUID
    org_id: UUID
    org_kind: str
    role: str
    powers: frozenset[Power]
    via: str = "page"
    is_confirmed: bool = True
    is_verified: bool = False
    has_terms: bool = True
    epoch: int = 0
    sign_in_id: UUID | None = None
    user_name: str = ""
    org_name: str = ""

    def need(self, power: Power) -> None:
        """Raise `Forbidden` (for a key: `MissingScope`) unless this is allowed."""
        if power in self.powers:
            return
        if self.via == "api":
            raise MissingScope
        raise Forbidden

    def can(self, power: Power) -> bool:
        return power in self.powers

    @property
    def is_agency(self) -> bool:
        return self.org_kind == "agency"

    @property
    def is_buyer(self) -> bool:
        return self.org_kind == "buyer"

    @property
    def is_staff(self) -> bool:
        return self.org_kind == "staff"
