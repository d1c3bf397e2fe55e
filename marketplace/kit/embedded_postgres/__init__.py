"""A PostgreSQL server that comes with the product, for machines where nobody has set one up.

It runs on a socket in a folder that only we may enter, as root under another user's name, and it survives kill -9 of
itself and of everybody around it. The programs come from a wheel or from the system's packages.
"""

from marketplace.kit.embedded_postgres.embedded import DATABASE, EmbeddedPostgres, running_or_started
from marketplace.kit.embedded_postgres.errors import PostgresUnavailable
from marketplace.kit.embedded_postgres.installations import Installation, installations

__all__ = ["DATABASE", "EmbeddedPostgres", "Installation", "PostgresUnavailable", "installations", "running_or_started"]
