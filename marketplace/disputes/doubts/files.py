"""Files by which a buyer shows how its leads went: checked and kept as the files of a dispute are."""

import hashlib
import io
from collections.abc import Sequence

from sqlalchemy import select

from marketplace.disputes import file_types
from marketplace.disputes.doubts import rules
from marketplace.disputes.doubts.models import Doubt, DoubtFile
from marketplace.disputes.errors import TooManyFiles, WrongFile
from marketplace.disputes.evidence import Upload
from marketplace.disputes.rules import MOST_FILE_BYTES
from marketplace.kit import clock, files
from marketplace.kit.db import session
from marketplace.kit.errors import TooLarge
from marketplace.kit.i18n import gettext as _
from marketplace.kit.ids import new_id


def keep(doubt: Doubt, uploads: Sequence[Upload]) -> None:
    """Add files; the same one again is not stored twice. Raises WrongFile, TooLarge, TooManyFiles."""
    known = set(session().scalars(select(DoubtFile.fingerprint).where(DoubtFile.doubt_id == doubt.id)))
    for upload in uploads:
        fingerprint = hashlib.sha256(upload.content).hexdigest()
        if fingerprint in known:
            continue
        known.add(fingerprint)
        if len(known) > rules.MOST_FILES:
            raise TooManyFiles
        session().add(_stored(doubt, upload, fingerprint))
    session().flush()


def _stored(doubt: Doubt, upload: Upload, fingerprint: str) -> DoubtFile:
    if len(upload.content) > MOST_FILE_BYTES:
        raise TooLarge(_("A file of evidence can have %(mib)s MiB.", mib=MOST_FILE_BYTES >> 20))
    kind = file_types.type_of(upload.content)
    if kind is None:
        raise WrongFile(fields={"evidence": WrongFile.sentence})
    stored_as = f"doubts/{doubt.id}/{fingerprint}"
    files.put(stored_as, io.BytesIO(upload.content), most=len(upload.content))
    return DoubtFile(
        id=new_id(),
        doubt_id=doubt.id,
        name=file_types.safe_name(upload.name, kind),
        content_type=kind,
        size=len(upload.content),
        fingerprint=fingerprint,
        stored_as=stored_as,
        added_at=clock.now(),
    )
