"""What somebody new has still to do, in order, before the first lead is sold or bought."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import url_for

from marketplace import billing, catalog, leads, orders
from marketplace.billing.rules import LEAST
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.orders.rules import TRIAL
from marketplace.people import Power, Who, queries

_ONE = Ask(limit=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where (`href`). `state` is `done`, `now` for the one to do next, or nothing."""

    title: str
    text: str = ""
    href: str = ""
    state: str = ""


def first_steps(who: Who) -> list[Step]:
    """The steps of an agency or a buyer with their states; empty when all are done, and for staff."""
    if who.is_staff:
        return []
    steps = [*_of_everybody(who), *(_of_buyer(who) if who.is_buyer else _of_agency(who))]
    if all(step.state == "done" for step in steps):
        return []
    following = next((place for place, step in enumerate(steps) if not step.state and step.href), None)
    return [replace(step, state="now") if place == following else step for place, step in enumerate(steps)]


def _of_everybody(who: Who) -> Iterator[Step]:
    account = url_for("account.show")
    if who.is_confirmed:
        yield Step(_("E-mail address confirmed"), state="done")
    else:
        yield Step(_("Confirm your e-mail address"), _("Open the link in the e-mail we sent you."), account)
    if who.has_terms:
        yield Step(_("Terms accepted"), state="done")
    elif who.can(Power.TEAM_WRITE):
        yield Step(_("Accept the terms"), _("They say who is paid when, and who judges a dispute."), account)
    else:
        yield Step(_("Accept the terms"), _("The owner of your organisation does this."))
    yield _verification(who)


def _verification(who: Who) -> Step:
    if who.is_verified:
        return Step(_("Organisation checked by us"), state="done")
    org = queries.find_for(who, who.org_id)
    if org.website or org.registration_number:
        return Step(_("We check your organisation"), _("A person checks it, usually within one working day."))
    why = (
        _("Until then you can buy %(leads)s leads a day.", leads=TRIAL.leads)
        if who.is_buyer
        else _("It must be done before you are paid.")
    )
    href = url_for("account.show") if who.can(Power.TEAM_WRITE) else ""
    return Step(_("Tell us about your organisation"), _("A website or a number in a register.") + " " + why, href)


def _of_buyer(who: Who) -> Iterator[Step]:
    if who.can(Power.WALLET_READ):
        yield _top_up(who)
    if who.can(Power.ORDERS_READ):
        if orders.orders_for(who, _ONE).items:
            yield Step(_("First lead bought"), state="done")
        else:
            text = _("Choose by trade, place and price. The price is held until the window for disputes has closed.")
            yield Step(_("Buy your first lead"), text, url_for("catalog.index"))


def _top_up(who: Who) -> Step:
    currency = billing.wallet_currencies(who)[0]
    if billing.wallet_statement(who, currency, _ONE).items:
        return Step(_("Wallet topped up"), state="done")
    text = _("From %(least)s. Money that you do not spend never expires.", least=Money(LEAST, currency))
    return Step(_("Top up your wallet"), text, url_for("wallet.show") if who.can(Power.WALLET_WRITE) else "")


def _of_agency(who: Who) -> Iterator[Step]:
    if catalog.counts_by_state(who).get(catalog.ListingState.ACTIVE):
        yield Step(_("Listing open"), state="done")
    else:
        href = url_for("listings.index") if who.can(Power.LISTINGS_WRITE) else ""
        yield Step(_("Make a listing"), _("Trade, price, to how many buyers, and how long they may dispute."), href)
    if leads.leads_for(who, _ONE).items:
        yield Step(_("First leads on sale"), state="done")
    else:
        href = url_for("imports.index") if who.can(Power.LEADS_WRITE) else ""
        yield Step(_("Bring in your leads"), _("Upload the file that your tools export, as it is."), href)
