"""Files of a dispute on their way in and out: read with a limit, given back as downloads only."""

from typing import BinaryIO, Protocol

from flask import Request, send_file
from werkzeug.wrappers import Response

from marketplace.disputes import Upload
from marketplace.disputes.errors import TooManyFiles
from marketplace.disputes.rules import MOST_FILE_BYTES, MOST_FILES
from marketplace.kit import downloads
from marketplace.kit.i18n import gettext as _


def hint() -> str:
    """What may be sent as evidence, for the field that takes it."""
    words = _("Picture, PDF, sound or plain text; up to %(files)s files, %(mb)s MB each.",
              files=MOST_FILES, mb=MOST_FILE_BYTES >> 20)  # fmt: skip
    return str(words)


def uploads(request: Request) -> list[Upload]:
    """The files of the field `evidence`, read just far enough to see that one is too long. Raises TooManyFiles."""
    sent = [file for file in request.files.getlist("evidence") if file.filename]
    if len(sent) > MOST_FILES:
        raise TooManyFiles(_("Send up to %(files)s files at a time.", files=MOST_FILES))
    read = [Upload(file.filename or "", file.stream.read(MOST_FILE_BYTES + 1)) for file in sent]
    for file in sent:
        file.close()
    return read


class _File(Protocol):
    """A file as it is kept: what it is called, is, and how long."""

    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def size(self) -> int: ...


def attachment(evidence: _File, content: BinaryIO) -> Response:
    """A file as a download that no browser opens in our name."""
    response = send_file(content, evidence.content_type, as_attachment=True, download_name=evidence.name)
    response.content_length = evidence.size
    response.headers.update(downloads.HEADERS)
    return response


def picture(content: BinaryIO) -> Response:
    """A picture that we have drawn ourselves, to be looked at in a page."""
    response = send_file(content, "image/jpeg")
    response.headers.update(downloads.HEADERS)
    return response
