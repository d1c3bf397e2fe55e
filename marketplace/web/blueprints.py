"""All pages by feature: one file, one blueprint, one folder of templates of the same name."""

from flask import Blueprint

from marketplace.web import (
    account,
    auth,
    balance,
    catalog,
    demo,
    disputes,
    front,
    imports,
    keys,
    leads,
    listings,
    orders,
    overview,
    payouts,
    proof,
    sign_up,
    team,
    wallet,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    front.blueprint,
    proof.blueprint,
    auth.blueprint,
    sign_up.blueprint,
    account.blueprint,
    team.blueprint,
    keys.blueprint,
    demo.blueprint,
    overview.blueprint,
    listings.blueprint,
    imports.blueprint,
    leads.blueprint,
    balance.blueprint,
    payouts.blueprint,
    payouts.account,
    catalog.blueprint,
    orders.blueprint,
    wallet.blueprint,
    disputes.blueprint,
)
