"""Files of a dispute: checked by their content, stored sealed and once, given back as downloads.

A picture is also drawn anew when it comes in: that is what pages show.
"""

import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes import file_types, pictures, rules
from marketplace.disputes.errors import TooManyFiles, WrongFile
from marketplace.disputes.models import Dispute, Evidence
from marketplace.disputes.queries import find_for
from marketplace.kit import clock, files
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound, TooLarge
from marketplace.kit.i18n import gettext as _
from marketplace.kit.ids import new_id
from marketplace.people import Who


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: the name its sender gave it, and its content."""

    name: str
    content: bytes


def attach(who: Who, dispute: Dispute, uploads: Sequence[Upload]) -> None:
    """Add a party's files; the same file again is not stored twice. After the decision a party may add as many again.

    Raises:
        WrongFile, TooLarge, TooManyFiles.
    """
    mine = select(Evidence.fingerprint, Evidence.added_at)
    rows = session().execute(mine.where(Evidence.dispute_id == dispute.id, Evidence.org_id == who.org_id)).all()
    known, decided_at = {row.fingerprint for row in rows}, dispute.decided_at
    counted = sum(1 for row in rows if decided_at is None or row.added_at > decided_at)
    for upload in uploads:
        fingerprint = hashlib.sha256(upload.content).hexdigest()
        if fingerprint in known:
            continue
        known.add(fingerprint)
        counted += 1
        if counted > rules.MOST_FILES:
            raise TooManyFiles
        session().add(_stored(who, dispute, upload, fingerprint))
    session().flush()


def open_for(who: Who, dispute_id: UUID, evidence_id: UUID) -> tuple[Evidence, BinaryIO]:
    """A file of a dispute that `who` may see, with its content. Raises NotFound."""
    evidence = _one_for(who, dispute_id, evidence_id)
    return evidence, files.open_plain(evidence.stored_as)


def picture_for(who: Who, dispute_id: UUID, evidence_id: UUID) -> BinaryIO:
    """A picture of a dispute as it was drawn anew, a JPEG. Raises NotFound: no picture, or none that `who` may see."""
    evidence = _one_for(who, dispute_id, evidence_id)
    if evidence.shown_as is None:
        raise NotFound
    return files.open_plain(evidence.shown_as)


def _one_for(who: Who, dispute_id: UUID, evidence_id: UUID) -> Evidence:
    dispute = find_for(who, dispute_id)
    evidence = session().get(Evidence, evidence_id)
    if evidence is None or evidence.dispute_id != dispute.id:
        raise NotFound
    return evidence


def evidence_of(dispute: Dispute) -> Sequence[Evidence]:
    """The dispute's files, oldest first; the caller has found the dispute for somebody."""
    return evidence_by_dispute([dispute.id])[dispute.id]


def evidence_by_dispute(dispute_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Evidence]]:
    """The files of several disputes that the caller has found for somebody, oldest first."""
    found: Mapping[UUID, list[Evidence]] = {dispute_id: [] for dispute_id in dispute_ids}
    for each in session().scalars(select(Evidence).where(Evidence.dispute_id.in_(dispute_ids)).order_by(Evidence.id)):
        found[each.dispute_id].append(each)
    return found


def _stored(who: Who, dispute: Dispute, upload: Upload, fingerprint: str) -> Evidence:
    if len(upload.content) > rules.MOST_FILE_BYTES:
        raise TooLarge(_("A file of evidence can have %(mib)s MiB.", mib=rules.MOST_FILE_BYTES >> 20))
    kind = file_types.type_of(upload.content)
    if kind is None:
        raise WrongFile(fields={"evidence": WrongFile.sentence})
    drawn = pictures.redrawn(upload.content) if kind in file_types.PICTURES else None
    # by what it holds: whichever party gives it, and however often, one dispute keeps it once
    stored_as = f"evidence/{dispute.id}/{fingerprint}"
    _put(stored_as, upload.content)
    return Evidence(
        id=new_id(),
        dispute_id=dispute.id,
        org_id=who.org_id,
        name=file_types.safe_name(upload.name, kind),
        content_type=kind,
        size=len(upload.content),
        fingerprint=fingerprint,
        stored_as=stored_as,
        shown_as=_put(f"{stored_as}.shown", drawn) if drawn else None,
        added_at=clock.now(),
    )


def _put(name: str, content: bytes) -> str:
    files.put(name, io.BytesIO(content), most=len(content))
    return name
