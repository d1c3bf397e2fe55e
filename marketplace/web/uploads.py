"""A small file of rows that a form sent."""

from flask import request

from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.orders.files import MOST_BYTES


def sent_rows() -> bytes:
    """The content of the field `file`. Raises Invalid."""
    sent = request.files.get("file")
    content = sent.stream.read(MOST_BYTES + 1) if sent else b""
    if not content or len(content) > MOST_BYTES:
        raise Invalid(fields={"file": _("Choose a file of up to %(mib)s MB.", mib=MOST_BYTES >> 20)})
    return content
