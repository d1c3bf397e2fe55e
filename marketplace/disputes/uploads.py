"""Files that a party gives: checked by their content, stored sealed, each once."""

import hashlib
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.disputes import file_types
from marketplace.disputes.errors import TooManyFiles, WrongFile
from marketplace.disputes.rules import MOST_FILE_BYTES
from marketplace.kit import clock, files
from marketplace.kit.errors import TooLarge
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: the name its sender gave it, and its content."""

    name: str
    content: bytes


def stored(
    uploads: Sequence[Upload], known: Collection[str], *, folder: str, room: int
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Store what is new, by what it holds: the columns of each row that keeps one, and its content.

    Args:
        known: the fingerprints of what is there; the same file again is left out.
        room: so many more may come.

    Raises:
        WrongFile, TooLarge, TooManyFiles.
    """
    seen, free = set(known), max(0, room)
    for upload in uploads:
        fingerprint = hashlib.sha256(upload.content).hexdigest()
        if fingerprint in seen:
            continue
        seen.add(fingerprint)
        room -= 1
        if room < 0:
            raise TooManyFiles(
                ngettext("You can add %(num)s more file here.", "You can add %(num)s more files here.", free)
            )
        yield _columns(upload, fingerprint, folder), upload.content


def put(name: str, content: bytes) -> str:
    """Store some bytes; their name."""
    files.put(name, io.BytesIO(content), most=len(content))
    return name


def _columns(upload: Upload, fingerprint: str, folder: str) -> dict[str, Any]:
    if len(upload.content) > MOST_FILE_BYTES:
        raise TooLarge(_("A file of evidence can have %(mib)s MiB.", mib=MOST_FILE_BYTES >> 20))
    kind = file_types.type_of(upload.content)
    if kind is None:
        raise WrongFile(fields={"evidence": WrongFile.sentence})
    return {
        "id": new_id(),
        "name": file_types.safe_name(upload.name, kind),
        "content_type": kind,
        "size": len(upload.content),
        "fingerprint": fingerprint,
        "stored_as": put(f"{folder}/{fingerprint}", upload.content),
        "added_at": clock.now(),
    }
