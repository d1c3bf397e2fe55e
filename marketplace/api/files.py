"""Files inside a payload: parts of a form, or name and content in JSON."""

import base64
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields
from werkzeug.datastructures import FileStorage

from marketplace import disputes
from marketplace.disputes.rules import MOST_FILE_BYTES
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _


class Part(Upload):  # type: ignore[misc]  # flask-smorest carries no types
    """A file that is a part of a form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> FileStorage:  # noqa: ARG002
        if not isinstance(value, FileStorage):
            raise ValidationError(_("Send a file here."))
        return value


def file_within(part: FileStorage, most_bytes: int) -> bytes:
    """What a part of a form holds. Raises Invalid where it is larger."""
    content = part.stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise Invalid(fields={"file": _("This file can have %(mib)s MiB.", mib=most_bytes >> 20)})
    return content


class FileField(fields.Field[disputes.Upload]):
    """A file of a form, or `{"name": "log.txt", "content": "<base64>"}`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> disputes.Upload:  # noqa: ARG002
        if isinstance(value, FileStorage):
            return disputes.Upload(value.filename or "", value.stream.read(MOST_FILE_BYTES + 1))
        if isinstance(value, dict) and set(value) == {"name", "content"}:
            return disputes.Upload(str(value["name"]), _decoded(value["content"]))
        raise ValidationError(_("Give a file, or its name and its content in base64."))


def _decoded(content: object) -> bytes:
    try:
        return base64.b64decode(str(content), validate=True)
    except ValueError as error:
        raise ValidationError(_("The content is not base64.")) from error
