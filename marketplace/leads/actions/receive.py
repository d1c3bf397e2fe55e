"""Leads come in: judged, compared with what the agency sent before, sealed, and put on sale."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import insert, select

from marketplace.catalog import Listing, vertical
from marketplace.checks import Code, Judgement, Policy, judge, own_duplicate, withdrawn_consent
from marketplace.events import Actor, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.forms import flat_messages
from marketplace.kit.ids import new_id
from marketplace.kit.ip_places import places
from marketplace.leads import twins
from marketplace.leads.likeness import Newcomers, person_in_lead
from marketplace.leads.models import Lead, LeadKey
from marketplace.leads.placing import head_start_of
from marketplace.leads.rows import Arrival, key_rows, lead_row
from marketplace.leads.rules import SAME_LEAD
from marketplace.leads.schemas import LeadIn
from marketplace.leads.traces import LeadTrace, trace_rows
from marketplace.leads.withdrawals import lock_intake, withdrawn_of


@dataclass(frozen=True, slots=True)
class Received:
    """How one lead came out. `reasons` hold code, field and message, never a contact detail."""

    index: int
    lead_id: UUID | None
    reasons: list[dict[str, str]]

    @property
    def status(self) -> str:
        return "accepted" if self.lead_id else "rejected"


@dataclass(frozen=True, slots=True)
class Source:
    """Where leads of a file come from: the import, the row of each, and the consent declared for those without."""

    import_id: UUID
    numbers: Sequence[int]
    consent: Mapping[str, Any] | None


class _Taken(NamedTuple):
    """An accepted lead on its way into the tables. `origin`: the columns that say which row of which file it was."""

    lead_id: UUID
    arrival: Arrival
    verdict: Judgement
    origin: dict[str, Any]


def receive(listing: Listing, leads: Sequence[Any], *, by: Actor, source: Source | None = None) -> list[Received]:
    """Check leads of one listing and put the good ones on sale; one event for the whole chunk.

    Args:
        leads: in the API's form; what does not fit is a reason of its own item, never of the others.
        source: for leads of a file.

    Returns: one result for each lead, in order.
    """
    policy = policy_of(listing, has_consent=bool(source and source.consent))
    form = LeadIn(vertical(listing.vertical))
    arrivals = [_judged(raw, policy) if source else _read(form, raw, policy) for raw in leads]
    lock_intake(listing.agency_id)
    results, taken = [], []
    for index, (arrival, verdict) in enumerate(without_doubles(listing, arrivals)):
        reasons = [reason.as_dict() for reason in verdict.reasons] if verdict else arrival.problems
        lead_id = new_id() if verdict and verdict.accepted else None
        results.append(Received(index, lead_id, reasons))
        if verdict and lead_id:
            taken.append(_Taken(lead_id, _with_consent(arrival, source), verdict, _origin(source, index)))
    if taken:
        _store(listing, taken)
    _record(listing, results, by, source)
    return results


def _store(listing: Listing, taken: Sequence[_Taken]) -> None:
    """Write the rows of accepted leads; each carries along how like those are that came before it."""
    people = {each.lead_id: person_in_lead(each.arrival.lead, each.verdict.phone) for each in taken}
    newcomers, head_start = Newcomers(listing.agency_id, people), head_start_of(listing.agency_id)
    rows, keys, traces = [], [], []
    for lead_id, arrival, verdict, origin in taken:
        judgement = verdict.also(*newcomers.about(lead_id))
        rows.append(lead_row(listing, arrival, judgement, lead_id, head_start) | origin)
        keys += key_rows(listing, arrival, lead_id)
        traces += trace_rows(listing.agency_id, arrival.lead, rows[-1])
    for table, some in ((Lead, rows), (LeadKey, keys), (LeadTrace, traces)):
        if some:
            session().execute(insert(table), some)
    newcomers.keep()
    twins.pair(people)


def policy_of(listing: Listing, *, has_consent: bool) -> Policy:
    """What this listing asks of a lead today. has_consent: one was declared for those without their own."""
    trade = vertical(listing.vertical)
    return Policy(
        now=clock.now(),
        fields=trade.fields,
        default_country=listing.default_country,
        max_age_days=trade.max_age_days,
        declared_consent=has_consent,
        places=places(),
    )


def _read(form: LeadIn, raw: Any, policy: Policy) -> Arrival:
    """A lead from outside: its form is checked before anything else."""
    try:
        lead = form.read(raw)
    except ValidationError as error:
        return Arrival({}, None, [_problem(name, words) for name, words in flat_messages(error)])
    return _judged(lead, policy)


def _problem(name: str, words: str) -> dict[str, str]:
    return {"code": Code.FIELD_INVALID.value, "field": name, "message": words}


def _judged(lead: Mapping[str, Any], policy: Policy) -> Arrival:
    """A lead whose form is known to be right, such as one that our own reader of files has made."""
    return Arrival(lead, judge(lead, policy))


def without_doubles(listing: Listing, arrivals: Sequence[Arrival]) -> Iterator[tuple[Arrival, Judgement | None]]:
    """Each arrival with its final verdict: whoever came before, in this chunk or earlier, makes it a duplicate.

    Who has withdrawn the address may not be sold, whatever consent the lead brings. Only an agency that had the person
    is told; from any other the lead is taken in, and offered to nobody (`withdrawals.is_withdrawn`).
    """
    digests = [arrival.digests for arrival in arrivals]
    known = _known(listing, arrivals, [digest for each in digests for digest in each.values()])
    withdrawn = withdrawn_of(listing.agency_id, [each["email"] for each in digests if "email" in each])
    for arrival, own_digests in zip(arrivals, digests, strict=True):
        if arrival.judgement is None:
            yield arrival, None
            continue
        own: set[bytes | str] = {*own_digests.values(), *filter(None, [arrival.external_id])}
        judgement = arrival.judgement.also(own_duplicate(not known.isdisjoint(own)))
        if judgement.accepted and own_digests.get("email") in withdrawn:
            judgement = judgement.also(withdrawn_consent())
        if judgement.accepted:
            known |= own
        yield arrival, judgement


def _known(listing: Listing, arrivals: Iterable[Arrival], digests: Sequence[bytes]) -> set[bytes | str]:
    """Which of these digests and outside ids the agency has sent before."""
    outside = [arrival.external_id for arrival in arrivals if arrival.external_id]
    same_person = select(LeadKey.digest).where(
        LeadKey.agency_id == listing.agency_id,
        LeadKey.digest.in_(digests),
        LeadKey.received_at > clock.now() - SAME_LEAD,
    )
    same_id = select(Lead.external_id).where(Lead.listing_id == listing.id, Lead.external_id.in_(outside))
    return {*session().scalars(same_person), *filter(None, session().scalars(same_id))}


def _with_consent(arrival: Arrival, source: Source | None) -> Arrival:
    """The lead with the consent that was declared for it, marked as such, where it has none of its own."""
    own = arrival.lead.get("consent") or {}
    if not source or not source.consent or own.get("text"):
        return arrival
    consent = {**own, **source.consent, "declared": True}
    return Arrival({**arrival.lead, "consent": consent}, arrival.judgement)


def _origin(source: Source | None, index: int) -> dict[str, Any]:
    if source is None:
        return {"import_id": None, "import_row": None}
    return {"import_id": source.import_id, "import_row": source.numbers[index]}


def _record(listing: Listing, results: Sequence[Received], by: Actor, source: Source | None) -> None:
    accepted = sum(result.status == "accepted" for result in results)
    record(
        "leads.received",
        source.import_id if source else listing.id,
        by=by,
        orgs=[listing.agency_id],
        listing_id=str(listing.id),
        accepted=accepted,
        rejected=len(results) - accepted,
    )
