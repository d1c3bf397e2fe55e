"""Who uses the product: people, the organisations they act for, what they may do, and how they prove who they are.

Everything is done or read by a `Who`. `actions` holds the verbs, `queries` the reads, `schemas` what forms and
payloads may hold, `terms` the documents that an organisation accepts.
"""

from marketplace.people import actions, ceremonies, errors, queries, schemas, terms
from marketplace.people.errors import EmailNotConfirmed, NotVerified
from marketplace.people.models import Grade, Membership, Organisation, OrgKind, Role, User
from marketplace.people.rules import Power
from marketplace.people.tokens import configure
from marketplace.people.who import Who

__all__ = [
    "EmailNotConfirmed",
    "Grade",
    "Membership",
    "NotVerified",
    "OrgKind",
    "Organisation",
    "Power",
    "Role",
    "User",
    "Who",
    "actions",
    "ceremonies",
    "configure",
    "errors",
    "queries",
    "schemas",
    "terms",
]
