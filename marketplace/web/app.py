"""The pages as a face of the application."""

from pathlib import Path

from flask import Flask, has_request_context, request
from flask_wtf import CSRFProtect

from marketplace.config import Settings
from marketplace.web import assets, bodies, navigation, safety, score_words, session, shapes, words
from marketplace.web.blueprints import BLUEPRINTS

LANGUAGES = ("en",)


def reader_locale() -> str:
    """The language of the reader: what the browser asks for, as far as we speak it."""
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages to the application, and what every page relies on; the pages of staff rely on it too."""
    safety.install(app)
    bodies.install(app)
    CSRFProtect(app)
    assets.install(app, Path(__file__).parents[2] / "static")
    shapes.install(app)
    words.install(app)
    score_words.install(app)
    session.install(app)
    navigation.install(app)
    for blueprint in BLUEPRINTS:
        if blueprint.name != "demo" or settings.mode == "demo":
            app.register_blueprint(blueprint)
