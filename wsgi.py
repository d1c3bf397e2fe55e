"""The application for any WSGI server: `gunicorn wsgi:application`."""

from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.kit import memory

application = create_app(Settings.from_env())
memory.settle()
