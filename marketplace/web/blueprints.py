"""All pages by feature: one file, one blueprint, one folder of templates of the same name."""

from flask import Blueprint

from marketplace.web import catalog, disputes, orders, wallet

BLUEPRINTS: tuple[Blueprint, ...] = (
    catalog.blueprint,
    orders.blueprint,
    wallet.blueprint,
    disputes.blueprint,
)
