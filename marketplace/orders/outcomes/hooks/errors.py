"""How a hook says no."""

from marketplace.kit.errors import Conflict, Invalid, NotFound
from marketplace.kit.i18n import lazy_gettext as _l


class HookUnknown(NotFound):
    code = "hook_unknown"
    sentence = _l("This address is unknown or has been revoked.")


class EventDiffers(Conflict):
    code = "event_differs"
    sentence = _l("This event came before with other content. Give a new event a new id.")


class StageUnknown(Invalid):
    code = "stage_unknown"
    sentence = _l("This stage is not mapped. Say what it means on the page of the hook.")
