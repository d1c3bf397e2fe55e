"""Files of a dispute: checked by their content, stored sealed and once, given back as downloads.

A picture is also drawn anew when it comes in: that is what pages show.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes import file_types, pictures, rules
from marketplace.disputes.models import Dispute, Evidence
from marketplace.disputes.queries import find_for
from marketplace.disputes.uploads import Upload, put, stored
from marketplace.kit import files
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people import Who


def attach(who: Who, dispute: Dispute, uploads: Sequence[Upload]) -> None:
    """Add a party's files; the same file again is not stored twice. After the decision a party may add as many again.

    Raises:
        WrongFile, TooLarge, TooManyFiles.
    """
    mine = select(Evidence.fingerprint, Evidence.added_at)
    rows = session().execute(mine.where(Evidence.dispute_id == dispute.id, Evidence.org_id == who.org_id)).all()
    known, decided_at = {row.fingerprint for row in rows}, dispute.decided_at
    counted = sum(1 for row in rows if decided_at is None or row.added_at > decided_at)
    # whichever party gives it, and however often, one dispute stores a file once
    room, folder = rules.MOST_FILES - counted, f"evidence/{dispute.id}"
    for columns, content in stored(uploads, known, folder=folder, room=room):
        shown_as = _shown(columns, content)
        session().add(Evidence(dispute_id=dispute.id, org_id=who.org_id, shown_as=shown_as, **columns))
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


def _shown(columns: Mapping[str, Any], content: bytes) -> str | None:
    """A picture drawn anew, stored beside the file."""
    drawn = pictures.redrawn(content) if columns["content_type"] in file_types.PICTURES else None
    return put(f"{columns['stored_as']}.shown", drawn) if drawn else None
