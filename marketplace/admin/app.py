"""The pages of staff as a face of the application."""

from flask import Flask

from marketplace.admin import (
    audits,
    batches,
    chargebacks,
    disputes,
    money,
    organisations,
    payouts,
    proposals,
    quality,
    reports,
    terms,
)
from marketplace.config import Settings


def init_app(app: Flask, settings: Settings) -> None:  # noqa: ARG001  # every face is added the same way
    """Add the pages of staff to the application."""
    pages = (
        disputes,
        batches,
        audits,
        organisations,
        money,
        payouts,
        proposals,
        chargebacks,
        terms,
        quality,
        reports,
    )
    for page in pages:
        app.register_blueprint(page.blueprint)
