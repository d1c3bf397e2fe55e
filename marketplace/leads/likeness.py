"""Very likely the same person from the same agency: found by keyed digests, then weighed part by part.

Never across agencies: a digest has the agency's id within, and what is found stands among the lead's findings.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Uuid, bindparam, delete, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.checks import Result, like_duplicate
from marketplace.checks.likeness import MOST_IN_BLOCK, Person, agreeing, keys_of, person_of, stored_matcher
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import Base, session
from marketplace.leads.contact import Contact, open_to_compare
from marketplace.leads.models import Lead
from marketplace.leads.rules import SAME_LEAD

_BYTES = 8
#: how many of a lead's candidates are weighed: those that share most keys with it
_MOST_WEIGHED = 20
#: the same phone or e-mail is found by `lead_keys`, before anything is weighed
_EXACT = ("phone:", "email:")
_CANDIDATES = text("""
SELECT asked.digest, found.ids
FROM unnest(:digests) AS asked (digest)
CROSS JOIN LATERAL (
  SELECT array_agg(few.lead_id) AS ids
  FROM (
    SELECT k.lead_id FROM likeness_keys k WHERE k.digest = asked.digest AND k.received_at > :since LIMIT :most
  ) few
) found
WHERE found.ids IS NOT NULL
""").bindparams(bindparam("digests", type_=ARRAY(BigInteger)))

_KEEP = text("""
INSERT INTO likeness_keys (digest, lead_id, received_at)
SELECT kept.digest, kept.lead_id, :received_at FROM unnest(:digests, :leads) AS kept (digest, lead_id)
""").bindparams(bindparam("digests", type_=ARRAY(BigInteger)), bindparam("leads", type_=ARRAY(Uuid)))


class LikenessKey(Base):
    """A key by which a lead is looked up that may be the same person: sound and postcode, initial and birth date ...

    `digest`: 64 bits of a keyed digest, the agency's id within. Kept for as long as leads are compared.
    """

    __tablename__ = "likeness_keys"
    __table_args__ = (Index("ix_likeness_keys_received_at", "received_at", postgresql_using="brin"),)

    digest: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)


class Newcomers:
    """Leads of one agency that are on their way in, in their order: each is compared with all that came before it.

    Nothing is opened but the contacts of candidates, in one go.
    """

    def __init__(self, agency_id: UUID, people: Mapping[UUID, Person]) -> None:
        self._digests = {lead_id: digests_of(agency_id, person) for lead_id, person in people.items()}
        self._blocks = _stored({digest for each in self._digests.values() for digest in each})
        near = self._near()
        stored = {lead_id for each in near.values() for lead_id in each} - people.keys()
        opened = open_to_compare(agency_id, stored)
        known = {**people, **{lead_id: person_in(contact) for lead_id, contact in opened.items()}}
        self._found = {lead_id: _most_like(people[lead_id], each, known) for lead_id, each in near.items()}

    def about(self, lead_id: UUID) -> list[Result]:
        """What is to be said about a lead: that it is like an earlier one, or nothing."""
        found = self._found[lead_id]
        return [found] if found else []

    def keep(self) -> None:
        """Store the keys of the leads; their rows must be there."""
        keep([(digest, lead_id) for lead_id, each in self._digests.items() for digest in each], clock.now())

    def _near(self) -> dict[UUID, list[UUID]]:
        """For each lead those that came before it and share most keys with it. A key of too many tells nothing."""
        near = {}
        for lead_id, digests in self._digests.items():
            blocks = [self._blocks[digest] for digest in digests]
            shared = Counter(each for block in blocks if len(block) <= MOST_IN_BLOCK for each in block)
            near[lead_id] = [each for each, _count in shared.most_common(_MOST_WEIGHED)]
            for block in blocks:
                block.append(lead_id)
        return near


def _most_like(person: Person, near: Iterable[UUID], known: Mapping[UUID, Person]) -> Result | None:
    matcher = stored_matcher()
    weighed = ((matcher.probability(person, known[each]), each) for each in near if each in known)
    probability, most_like = max(weighed, default=(0.0, None))
    if most_like is None:
        return None
    return like_duplicate(probability, agreeing(person, known[most_like]), str(most_like))


def digests_of(agency_id: UUID, person: Person) -> tuple[int, ...]:
    """The digests under which a person of an agency is looked up, as PostgreSQL's bigint."""
    keys = [key for key in keys_of(person) if not key.startswith(_EXACT)]
    return tuple(_digest(f"{agency_id.hex}|{key}") for key in sorted(keys))


def keep(keys: Sequence[tuple[int, UUID]], received_at: datetime) -> None:
    """Store keys of leads: pairs of a digest and a lead."""
    digests, lead_ids = [digest for digest, _lead_id in keys], [lead_id for _digest, lead_id in keys]
    session().execute(_KEEP, {"digests": digests, "leads": lead_ids, "received_at": received_at})


def key_anew(lead: Lead, before: Contact, after: Contact) -> None:
    """The lead's person is called differently now: it is looked up by the new name alone."""
    old, new = (digests_of(lead.agency_id, person_in(each)) for each in (before, after))
    theirs = LikenessKey.digest.in_(old), LikenessKey.lead_id == lead.id
    session().execute(delete(LikenessKey).where(*theirs))
    keep([(digest, lead.id) for digest in new], lead.received_at)


def forget_old(at_once: int = 10_000) -> int:
    """Delete up to so many keys that nothing is compared with any longer; return how many."""
    key = LikenessKey.digest, LikenessKey.received_at, LikenessKey.lead_id
    old = select(*key).where(LikenessKey.received_at < clock.now() - SAME_LEAD).limit(at_once)
    gone = session().execute(delete(LikenessKey).where(tuple_(*key).in_(old)).returning(LikenessKey.digest))
    return len(gone.all())


def person_in(contact: Contact) -> Person:
    """The person of an opened contact, in the form in which two are compared."""
    return person_in_lead({**contact.fields, "answers": contact.answers}, contact.phone_e164)


def _stored(digests: Collection[int]) -> defaultdict[int, list[UUID]]:
    """For each digest the agency's leads that have it, one more than are looked at where there are too many."""
    asked = {"digests": sorted(digests), "since": clock.now() - SAME_LEAD, "most": MOST_IN_BLOCK + 1}
    return defaultdict(list, ((digest, list(ids)) for digest, ids in session().execute(_CANDIDATES, asked)))


def person_in_lead(lead: Mapping[str, Any], phone: str | None) -> Person:
    """A person in the form in which two are compared. A town without a street is no address."""
    given = {name: str(lead.get(name) or "").strip() for name in ("first_name", "last_name", "street", "city", "email")}
    first, _space, last = str(lead.get("full_name") or "").strip().partition(" ")
    return person_of({
        "first": given["first_name"] or ("" if given["last_name"] else first),
        "last": given["last_name"] or ("" if given["first_name"] else last),
        "phone": phone or "",
        "email": given["email"],
        "postcode": str(lead.get("postal_code") or ""),
        "birth_date": str((lead.get("answers") or {}).get("birth_date") or ""),
        "address": f"{given['street']} {given['city']}" if given["street"] else "",
    })  # fmt: skip


def _digest(value: str) -> int:
    return int.from_bytes(blind_index("likeness", value)[:_BYTES], signed=True)
