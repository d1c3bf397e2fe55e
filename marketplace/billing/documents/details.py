"""Under which name and address an organisation's documents are made out."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.billing.documents.models import BillingDetails
from marketplace.billing.documents.vat import Party
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.people import Organisation, Power, Who


def details_for(who: Who) -> BillingDetails:
    """One's own details; until somebody has given them, name and country of the organisation.

    Raises:
        Forbidden.
    """
    who.need(Power.WALLET_READ if who.is_buyer else Power.BALANCE_READ)
    found = session().get(BillingDetails, who.org_id)
    return found or _from(session().get_one(Organisation, who.org_id))


def has_details(who: Who) -> bool:
    """Whether somebody of the organisation has given them."""
    return session().get(BillingDetails, who.org_id) is not None


def give_details(
    who: Who, *, legal_name: str, address: str, country: str, is_vat_registered: bool, vat_id: str
) -> BillingDetails:
    """Say how documents are made out from now on; those that were issued stay as they are.

    The values are those that `schemas.BillingDetailsIn` lets through.

    Raises:
        Forbidden.
    """
    who.need(Power.WALLET_WRITE if who.is_buyer else Power.BALANCE_WRITE)
    values = {
        "legal_name": legal_name,
        "address": address,
        "country": country,
        "is_vat_registered": is_vat_registered,
        "vat_id": vat_id,
        "changed_at": clock.now(),
    }
    given = insert(BillingDetails).values(org_id=who.org_id, **values)
    session().execute(given.on_conflict_do_update(index_elements=["org_id"], set_=values))
    record("billing_details.given", who.org_id, by=who, orgs=[who.org_id], country=country)
    return session().get_one(BillingDetails, who.org_id, populate_existing=True)


def party_of(org_id: UUID) -> Party:
    """The organisation as its documents name it today."""
    row = session().execute(
        select(Organisation, BillingDetails)
        .outerjoin(BillingDetails, BillingDetails.org_id == Organisation.id)
        .where(Organisation.id == org_id)
    )
    org, details = row.one()
    known = details or _from(org)
    return Party(known.legal_name, known.address, known.country, known.vat_id)


def _from(org: Organisation) -> BillingDetails:
    return BillingDetails(
        org_id=org.id,
        legal_name=org.name,
        address="",
        country=org.country,
        is_vat_registered=False,
        vat_id="",
        changed_at=org.created_at,
    )
