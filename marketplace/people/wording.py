"""Names of roles, sides, powers and proofs, for people to read."""

from collections.abc import Mapping

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.people.models import Grade, OrgKind, Proof, Role, SignIn
from marketplace.people.rules import Power

ROLES: Mapping[str, LazyText] = {
    Role.OWNER.value: _l("Owner"),
    Role.MANAGER.value: _l("Manager"),
    Role.MEMBER.value: _l("Member"),
    Role.FINANCE.value: _l("Finance"),
}

SIDES: Mapping[str, LazyText] = {
    OrgKind.AGENCY.value: _l("Agency"),
    OrgKind.BUYER.value: _l("Buyer"),
    OrgKind.STAFF.value: _l("Fairlead"),
}

POWERS: Mapping[str, LazyText] = {
    Power.LISTINGS_READ.value: _l("See listings"),
    Power.LISTINGS_WRITE.value: _l("Make and change listings"),
    Power.LEADS_READ.value: _l("See own leads"),
    Power.LEADS_WRITE.value: _l("Send and withdraw leads"),
    Power.BALANCE_READ.value: _l("See the balance"),
    Power.BALANCE_WRITE.value: _l("Have the balance paid out"),
    Power.CATALOG_READ.value: _l("Browse the catalogue"),
    Power.ORDERS_READ.value: _l("See bought leads and their contacts"),
    Power.ORDERS_WRITE.value: _l("Buy leads and report outcomes"),
    Power.WALLET_READ.value: _l("See the wallet"),
    Power.WALLET_WRITE.value: _l("Top up the wallet"),
    Power.DISPUTES_READ.value: _l("See disputes"),
    Power.DISPUTES_WRITE.value: _l("Open and answer disputes"),
    Power.TEAM_READ.value: _l("See the team"),
    Power.TEAM_WRITE.value: _l("Invite and remove people"),
    Power.KEYS_WRITE.value: _l("Make and revoke API keys"),
    Power.DISPUTES_DECIDE.value: _l("Decide disputes"),
    Power.ORGANISATIONS_VERIFY.value: _l("Verify organisations"),
    Power.AUDIT_READ.value: _l("Read the audit record"),
    Power.LEDGER_READ.value: _l("Read the ledger"),
    Power.MONEY_WRITE.value: _l("Set money right"),
    Power.SETTINGS_WRITE.value: _l("Change settings"),
}

#: what each role of a side may do, in one line: (side, role)
ROLE_NOTES: Mapping[tuple[str, str], LazyText] = {
    ("agency", "owner"): _l("Everything, also the team and the terms."),
    ("agency", "manager"): _l("Listings, leads, disputes, the balance, API keys."),
    ("agency", "member"): _l("Leads and disputes; sees listings."),
    ("agency", "finance"): _l("Sees listings, leads, disputes and the balance."),
    ("buyer", "owner"): _l("Everything, also the team and the terms."),
    ("buyer", "manager"): _l("Buys, tops up, opens disputes, makes API keys."),
    ("buyer", "member"): _l("Buys leads and opens disputes; sees the wallet."),
    ("buyer", "finance"): _l("Tops up the wallet; sees disputes, no contacts."),
    ("staff", "owner"): _l("Everything, also the team."),
    ("staff", "manager"): _l("Decides disputes, verifies organisations, makes API keys."),
    ("staff", "member"): _l("Decides disputes and verifies organisations."),
    ("staff", "finance"): _l("Reads the ledger and the audit record."),
}

#: grades of agencies, as one picks one
GRADES: Mapping[str, LazyText | str] = {
    grade.value: _l("New") if grade is Grade.NEW else grade.value for grade in Grade
}


#: how somebody has signed in, where it was not by the password alone
PROOFS: Mapping[str, LazyText] = {
    Proof.APP.value: _l("with a code of your app"),
    Proof.RECOVERY_CODE.value: _l("with a recovery code"),
    Proof.PASSKEY.value: _l("with a passkey"),
}


def browser_words(sign_in: SignIn) -> str:
    """With what somebody is signed in: "Firefox on Windows"."""
    browser = sign_in.browser or _("Unknown browser")
    return _("%(browser)s on %(system)s", browser=browser, system=sign_in.system) if sign_in.system else browser
