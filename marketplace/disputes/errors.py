"""How a dispute is refused."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class AlreadyDisputed(Conflict):
    code = "already_disputed"
    sentence = _l("This order was disputed before and the dispute was decided.")


class DisputeClosed(Conflict):
    code = "dispute_closed"
    sentence = _l("This dispute is over.")


class WrongRefund(Invalid):
    code = "wrong_refund"
    sentence = _l("Upheld gives back 100 %, partly upheld 25 or 50 %, rejected nothing.")


class WrongDeposit(WrongRefund):
    sentence = _l("A deposit goes back in full (upheld) or not at all (rejected).")


class OwnCase(Forbidden):
    code = "own_case"
    sentence = _l("You belong to a party of this dispute. Another person must decide it.")


class WrongFile(Invalid):
    code = "wrong_file"
    sentence = _l("Give a picture, a PDF, a sound or a plain text.")


class TooManyFiles(Conflict):
    code = "too_many_files"
    sentence = _l("A party can give 5 files to a dispute.")
