"""Files by which a buyer shows how its leads went: checked and kept as the files of a dispute are."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.disputes.doubts import rules
from marketplace.disputes.doubts.models import Doubt, DoubtFile
from marketplace.disputes.uploads import Upload, stored
from marketplace.kit.db import session


def keep(doubt: Doubt, uploads: Sequence[Upload]) -> None:
    """Add files; the same one again is not stored twice. Raises WrongFile, TooLarge, TooManyFiles."""
    known = set(session().scalars(select(DoubtFile.fingerprint).where(DoubtFile.doubt_id == doubt.id)))
    room = rules.MOST_FILES - len(known)
    for columns, _content in stored(uploads, known, folder=f"doubts/{doubt.id}", room=room):
        session().add(DoubtFile(doubt_id=doubt.id, **columns))
    session().flush()
