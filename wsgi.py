"""The application for any WSGI server: `gunicorn wsgi:application`."""

from marketplace.app import create_app
from marketplace.config import Settings

application = create_app(Settings.from_env())
