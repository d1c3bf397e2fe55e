"""How leads and imports say no."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class TooManyLeads(Invalid):
    code = "too_many"
    sentence = _l("Send at most 1,000 leads at once, or a file.")


class WrongImportState(Conflict):
    code = "wrong_state"
    sentence = _l("The import cannot do this in its current state.")


class NoMapping(Invalid):
    code = "mapping"
    sentence = _l("First say which column holds a phone, an e-mail or a profile link: each person must be reachable.")


class FileLost(Conflict):
    code = "file_lost"
    sentence = _l("We no longer have the file. Throw this import away and upload the file again.")


class NotYours(Forbidden):
    code = "no_contact_right"
    sentence = _l("Only a buyer of this lead can read the contact.")


class LeftAlone(Conflict):
    code = "left_alone"
    sentence = _l("This person does not want to be contacted any more. Do not call.")


class NotMended(Invalid):
    code = "not_mended"
    sentence = _l("This cannot replace what was sold.")

    @classmethod
    def because(cls, why: object) -> "NotMended":
        return cls(fields={"value": str(why)})
