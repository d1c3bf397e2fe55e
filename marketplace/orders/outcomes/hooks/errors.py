"""How a hook says no."""

from marketplace.kit.errors import Conflict, Invalid, NotFound
from marketplace.kit.i18n import lazy_gettext as _l


class HookUnknown(NotFound):
    code = "hook_unknown"
    sentence = _l("This address is not known, or was revoked.")


class EventDiffers(Conflict):
    code = "event_differs"
    sentence = _l("This event came before and said something else. Give a new event another id.")


class StageUnknown(Invalid):
    code = "stage_unknown"
    sentence = _l("This stage is not mapped. Say on the page of the hook what it means.")
