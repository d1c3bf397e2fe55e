"""create_app: settings -> extensions -> parts -> faces -> reactions."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import admin, api, billing, checks, disputes, notices, people, reactions, web
from marketplace.billing import Gateway
from marketplace.config import Settings
from marketplace.kit import clock, crypto, files, ip_places, liveness, logs
from marketplace.kit.db import db
from marketplace.kit.i18n import Babel
from marketplace.kit.mail import Smtp, Transport
from marketplace.people.rules import UNSEEN

_ROOT = Path(__file__).parents[1]
_FORM_MIB, _BODY_MIB = 4, 16
_NEEDED = (
    "database_url", "secret_key", "pii_keys", "pii_pepper", "stripe_secret_key", "stripe_webhook_secret", "files_url",
    "public_url",
)  # fmt: skip


def create_app(settings: Settings, *, transport: Transport | None = None) -> Flask:
    """The whole product as one WSGI application; jobs and commands run within its context too.

    Args:
        transport: takes the letters; by the settings when not given.

    Raises:
        MissingSettings: something that this mode cannot run without is not set.
    """
    settings.require(*_NEEDED)
    app = Flask("marketplace", template_folder=str(_ROOT / "templates"), static_folder=None)
    app.config.update(_flask_config(settings))
    app.extensions["settings"] = settings
    _wire_kit(app, settings)
    with app.app_context():
        liveness.watch(db.engine)
        _give_kit(settings)
        _give_parts(settings, transport)
    for face in (web, api, admin):
        face.init_app(app, settings)
    reactions.install()
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]  # Flask's own documented way
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.mode == "test",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.pool_size,
            "max_overflow": settings.pool_size,
            "pool_timeout": 10,
            "pool_use_lifo": True,  # the connection used last has its statements prepared and its caches warm
            "hide_parameters": True,
            "connect_args": liveness.CONNECT_ARGS,
        },
        "MAX_CONTENT_LENGTH": _FORM_MIB << 20,  # where more is taken the address says so
        "MAX_FORM_MEMORY_SIZE": _BODY_MIB << 20,
        "SESSION_COOKIE_NAME": "fairlead",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": UNSEEN,  # since the cookie was written
        "BABEL_DEFAULT_LOCALE": "en",
    }


def _wire_kit(app: Flask, settings: Settings) -> None:
    logs.configure(settings.log_level)
    configure_mappers()  # now, not with somebody's first request
    db.init_app(app)
    Migrate(app, db, directory=str(_ROOT / "migrations"))
    Babel(app, locale_selector=web.reader_locale)


def _give_kit(settings: Settings) -> None:
    crypto.use_keys(settings.pii_keys, settings.pii_pepper)
    files.use_store(settings.files_url)
    data_centres = Path(settings.data_centres_file or checks.DATA_CENTRES)
    ip_places.use_places(settings.ip_country_file, settings.ip_network_file, data_centres)
    clock.let_it_move(allowed=settings.has_movable_clock)


def _give_parts(settings: Settings, transport: Transport | None) -> None:
    people.configure(settings.secret_key)
    people.ceremonies.use_site(settings.passkey_origin)
    gateway = Gateway(settings.stripe_secret_key, settings.stripe_api_base, settings.stripe_webhook_secret)
    billing.use_gateway(gateway, settings.public_url)
    billing.documents.issue_as(
        billing.documents.read_company(
            name=settings.company_name,
            address=settings.company_address,
            country=settings.company_country,
            vat_id=settings.company_vat_id,
            rates=settings.vat_rates,
        )
    )
    disputes.findings.use_lines(disputes.findings.DemoLines() if settings.mode == "demo" else None)
    notices.use_transport(transport or _transport(settings), settings.public_url, settings.mail_from)


def _transport(settings: Settings) -> Transport:
    return notices.Kept() if settings.mode == "demo" else Smtp(settings.smtp_url, settings.mail_from)
