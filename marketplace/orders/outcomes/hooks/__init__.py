"""A buyer's CRM reports outcomes automatically: to an address with a secret in it that accepts nothing else.

The words of the CRM for its stages are the buyer's to map. A delivery that comes again changes nothing.
"""

from marketplace.orders.outcomes.hooks.actions import forget_old, map_stages, renew, reporter_of, revoke, take_in
from marketplace.orders.outcomes.hooks.errors import EventDiffers, HookUnknown
from marketplace.orders.outcomes.hooks.models import IGNORED, HookEvent, OutcomeHook
from marketplace.orders.outcomes.hooks.queries import hook_for, hook_of, made_by, maker_of, org_of

__all__ = [
    "IGNORED",
    "EventDiffers",
    "HookEvent",
    "HookUnknown",
    "OutcomeHook",
    "forget_old",
    "hook_for",
    "hook_of",
    "made_by",
    "maker_of",
    "map_stages",
    "org_of",
    "renew",
    "reporter_of",
    "revoke",
    "take_in",
]
