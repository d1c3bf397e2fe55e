"""A person's own account: name, password and sign-ins, the organisation with its verification and terms, others."""

from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.billing import documents
from marketplace.billing.documents.schemas import BillingDetailsIn
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power, Who, actions, ceremonies, queries, terms
from marketplace.people.addresses import countries
from marketplace.people.errors import AlreadyVerified, OldTerms
from marketplace.people.rules import SEEN_EVERY, UNSEEN
from marketplace.people.schemas import ChangePasswordForm, DetailsForm, TermsForm
from marketplace.people.wording import PROOFS, ROLES, SIDES, browser_words
from marketplace.web import session
from marketplace.web.first_steps import first_steps
from marketplace.web.navigation import home_of
from marketplace.web.session import who
from marketplace.web.visitors import form_page, go, network, tell

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """The other sessions of the person end; this one goes on."""
    reader = who()
    try:
        given = read_form(ChangePasswordForm(), request.form)
        with transaction():
            actions.throttle_password_change(reader, network())
        with transaction():
            known_anew = actions.change_password(reader, given["current"], given["password"])
    except Invalid as why:
        return _page(why)
    session.begin(known_anew)
    flash(_("Your password is changed. You are signed out everywhere else."), "success")
    return go(url_for(".show"))


@blueprint.post("/sign-ins/<uuid:sign_in_id>/end")
def sign_out_of(sign_in_id: UUID) -> ResponseReturnValue:
    reader = who()
    with transaction():
        actions.sign_out_of(reader, sign_in_id)
    flash(_("That browser is signed out."), "success")
    return go(url_for(".show"))


@blueprint.post("/sign-ins/end")
def sign_out_elsewhere() -> ResponseReturnValue:
    reader = who()
    with transaction():
        actions.sign_out_elsewhere(reader)
    flash(_("You are signed out everywhere else."), "success")
    return go(url_for(".show"))


@blueprint.post("/organisation")
def describe() -> ResponseReturnValue:
    reader = who()
    try:
        details = read_form(DetailsForm(), request.form)
        with transaction():
            actions.describe_organisation(reader, **details)
    except Invalid as why:
        return _page(why)
    except AlreadyVerified as why:
        tell(why)
        return go(url_for(".show"))
    flash(_("Thank you. We check it and write to you."), "success")
    return go(url_for(".show"))


@blueprint.post("/billing")
def give_billing_details() -> ResponseReturnValue:
    reader = who()
    try:
        given = read_form(BillingDetailsIn(), request.form)
        with transaction():
            documents.give_details(reader, **given)
    except Invalid as why:
        return _page(why)
    flash(_("Saved. New documents will use these details."), "success")
    return go(url_for(".show"))


@blueprint.post("/terms")
def accept() -> ResponseReturnValue:
    reader = who()
    try:
        read = read_form(TermsForm(), request.form)
        with transaction():
            actions.accept_terms(reader, read)
    except (Invalid, OldTerms) as why:
        return _page(why)
    flash(_("The terms are accepted for %(name)s.", name=reader.org_name), "success")
    return go(url_for(".show"))


@blueprint.post("/switch/<uuid:org_id>")
def switch(org_id: UUID) -> ResponseReturnValue:
    reader = who()
    with transaction():
        other = actions.switch(reader, org_id)
    session.begin(other)
    return go(home_of(other))


def _page(why: Refusal | None = None) -> ResponseReturnValue:
    reader = who()
    return form_page(
        "account/show.html",
        why,
        person=queries.addressee(reader.user_id),
        org=queries.find_for(reader, reader.org_id),
        places=[place for place in queries.organisations_of(reader) if place.org_id != reader.org_id],
        accepted=queries.acceptances_for(reader),
        documents=list(terms.DOCUMENTS.values()),
        is_owner=reader.can(Power.TEAM_WRITE),
        sign_ins=queries.sign_ins_for(reader),
        browser_words=browser_words,
        proofs=PROOFS,
        second_factor=queries.second_factor_of(reader),
        has_passkeys=ceremonies.site() is not None,
        passkeys=queries.passkeys_for(reader),
        an_hour_ago=clock.now() - SEEN_EVERY,
        unseen_days=UNSEEN.days,
        steps=first_steps(reader),
        roles=ROLES,
        sides=SIDES,
        **_billing(reader),
    )


def _billing(reader: Who) -> dict[str, object]:
    """How the organisation's documents are made out, for those who may see its money."""
    if reader.is_staff or not reader.can(Power.WALLET_READ if reader.is_buyer else Power.BALANCE_READ):
        return {"billing": None}
    can_give = reader.can(Power.WALLET_WRITE if reader.is_buyer else Power.BALANCE_WRITE)
    return {"billing": documents.details_for(reader), "can_give_billing": can_give, "countries": countries()}
