"""The pages for agencies, buyers and visitors: parse what came in, act, render."""

from marketplace.web.app import init_app, reader_locale

__all__ = ["init_app", "reader_locale"]
