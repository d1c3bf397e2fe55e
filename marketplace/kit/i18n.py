"""Every sentence for people goes through here (an adapter around Flask-Babel)."""

from typing import Any

from flask_babel import Babel, get_locale, gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString as LazyText

__all__ = ["DEFAULT_LOCALE", "Babel", "LazyText", "gettext", "lazy_gettext", "locale_code", "ngettext", "noted"]

DEFAULT_LOCALE = "en"


def locale_code() -> str:
    """The reader's locale as Babel writes it, `en` outside a request."""
    locale: Any = get_locale()
    return str(locale) if locale else DEFAULT_LOCALE


def noted(text: str) -> str:
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text
