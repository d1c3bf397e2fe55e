"""The pages of staff as a face of the application."""

from flask import Flask

from marketplace.admin import (
    audits,
    batches,
    calls,
    chargebacks,
    disputes,
    money,
    organisations,
    payouts,
    proposals,
    quality,
    ratings,
    reports,
    reviews,
    terms,
)
from marketplace.config import Settings

_PAGES = (
    disputes,
    batches,
    audits,
    calls,
    ratings,
    organisations,
    money,
    payouts,
    proposals,
    chargebacks,
    terms,
    quality,
    reports,
    reviews,
)


def init_app(app: Flask, settings: Settings) -> None:  # noqa: ARG001  # every face is added the same way
    """Add the pages of staff to the application."""
    for page in _PAGES:
        app.register_blueprint(page.blueprint)
