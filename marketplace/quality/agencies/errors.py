"""How calls, alarms and appeals are refused."""

from marketplace.kit.errors import Conflict, Forbidden
from marketplace.kit.i18n import lazy_gettext as _l


class AuditDone(Conflict):
    code = "audit_done"
    sentence = _l("This call has already been made, and its result recorded.")


class OwnAgency(Forbidden):
    code = "own_agency"
    sentence = _l("You belong to this agency. Someone else must look at it.")


class NoAlarm(Conflict):
    code = "no_alarm"
    sentence = _l("This alarm is over. It no longer holds anything back.")


class AppealedBefore(Conflict):
    code = "already_appealed"
    sentence = _l("You have already written to us about this alarm. We will answer.")
