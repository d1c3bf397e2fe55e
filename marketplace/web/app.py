"""The pages as a face of the application."""

from flask import Flask, has_request_context, request

from marketplace.config import Settings

LANGUAGES = ("en",)


def reader_locale() -> str:
    """The language of the reader: what the browser asks for, as far as we speak it."""
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages to the application."""
