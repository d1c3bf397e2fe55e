import pytest

from marketplace.people.models import OrgKind, Role
from marketplace.people.rules import Power, powers_of, powers_of_key
from marketplace.people.wording import POWERS, ROLES, SIDES

PAIRS = [(kind, role) for kind in OrgKind for role in Role]


@pytest.mark.parametrize(("kind", "role"), PAIRS)
def test_every_role_of_every_side_sees_its_team_and_owners_can_do_everything(kind, role):
    assert Power.TEAM_READ in powers_of(kind, role)
    assert powers_of(kind, role) <= powers_of(kind, Role.OWNER)


@pytest.mark.parametrize("role", list(Role))
def test_no_side_has_the_powers_of_another(role):
    staff_only = {Power.DISPUTES_DECIDE, Power.ORGANISATIONS_VERIFY, Power.AUDIT_READ, Power.LEDGER_READ}
    assert not staff_only & (powers_of("agency", role) | powers_of("buyer", role))
    assert not {Power.ORDERS_WRITE, Power.WALLET_WRITE, Power.CATALOG_READ} & powers_of("agency", role)
    assert not {Power.LISTINGS_WRITE, Power.LEADS_WRITE, Power.BALANCE_READ} & powers_of("buyer", role)


def test_an_unknown_side_or_role_may_do_nothing():
    assert powers_of("agency", "king") == powers_of("nobody", "owner") == frozenset()


def test_a_scope_that_is_gone_gives_nothing():
    assert powers_of_key("buyer", "owner", ["wallet:read", "gone:long-ago"]) == {Power.WALLET_READ}


def test_everything_that_people_choose_from_has_words():
    assert set(POWERS) == {power.value for power in Power}
    assert set(ROLES) == {role.value for role in Role}
    assert set(SIDES) == {kind.value for kind in OrgKind}
