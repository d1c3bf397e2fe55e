"""The verdict on one lead: every check that applies, every reason it finds, and whether the lead may be sold.

Blocking are: no name or no channel; phone and e-mail that both do not work; no consent; a required answer that is
missing or wrong; too old, or of an age that cannot be told; sent before by the same agency. Everything else is a
finding that the lead carries along.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from marketplace.catalog.fields import Field, Value, is_blank
from marketplace.checks.age import check_age, read_moment
from marketplace.checks.answers import PREFIX, check_answers
from marketplace.checks.bot import check_user_agent
from marketplace.checks.connection import Places, check_connection
from marketplace.checks.consent import check_consent
from marketplace.checks.contact import check_contact, check_social
from marketplace.checks.contact_type import ContactType, contact_type
from marketplace.checks.email import EmailReading, Resolver, check_mx, email_result, read_email
from marketplace.checks.fill_time import check_fill_time
from marketplace.checks.free_text import check_free_text
from marketplace.checks.marks import Mark, marks
from marketplace.checks.name import check_name, full_name
from marketplace.checks.phone import PhoneReading, phone_result, read_phone
from marketplace.checks.phone_place import check_phone_place
from marketplace.checks.result import Code, Result, failed, unknown
from marketplace.checks.wording import words
from marketplace.kit.ip_places import UNKNOWN, Place
from marketplace.kit.schemas import TERRITORIES

_FIELDS = {
    "contact": "phone",
    "name": "full_name",
    "email_mx": "email",
    "age": "submitted_at",
    "consent": "consent",
    "duplicate": "phone",
}
_ALWAYS_BLOCKING = frozenset(
    {
        Code.MISSING_CONTACT,
        Code.CONSENT_MISSING,
        Code.CONSENT_WITHDRAWN,
        Code.FIELD_MISSING,
        Code.TOO_OLD,
        Code.DUPLICATE_OWN,
    }
)
_REQUIRED = "required."
_ABSENT = "absent"
_NOT_WORKING = frozenset({Code.PHONE_INVALID, Code.PHONE_FICTITIOUS, Code.EMAIL_INVALID})


@dataclass(frozen=True, slots=True)
class Policy:
    """What a listing asks of its leads.

    Attributes:
        required: names of the lead's own fields (`postal_code` ...) that must be filled.
        offline: the listing's leads are collected at events.
        resolver: asked whether an e-mail's domain takes mail; None asks nobody.
        places: asked where a connection's address is; None asks nobody.
    """

    now: datetime
    fields: tuple[Field, ...] = ()
    default_country: str | None = None
    max_age_days: int | None = None
    declared_consent: bool = False
    required: tuple[str, ...] = ()
    offline: bool = False
    resolver: Resolver | None = None
    places: Places | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing found wrong, in the form in which the API and the page say it."""

    code: Code
    field: str
    message: str
    blocking: bool = False

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code.value, "field": self.field, "message": self.message}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and the normalised values that the checks worked out on the way.

    Attributes:
        phone: E.164, the canonical form; None when it cannot be dialled.
        email: the canonical form for finding duplicates, None when not well-formed.
        country: as given where that is a country, else where the phone is from, else the listing's; upper case.
        answers: the vertical's answers as they are stored; those that did not fit are left out.
    """

    results: tuple[Result, ...]
    phone: str | None
    email: str | None
    country: str | None
    submitted_at: datetime | None
    answers: Mapping[str, Value]
    contact_type: ContactType
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        return not any(reason.blocking for reason in self.reasons)

    @property
    def status(self) -> str:
        return "accepted" if self.accepted else "rejected"

    @property
    def marks(self) -> tuple[Mark, ...]:
        return marks(self.results)

    def also(self, *results: Result) -> "Judgement":
        """The same verdict with further results, such as the caller's search for duplicates."""
        together = (*self.results, *results)
        return replace(self, results=together, reasons=_reasons(together))


def judge(
    lead: Mapping[str, Any], policy: Policy, *, token_verified: bool = False, withdrawn: bool = False
) -> Judgement:
    """Run every check on a lead in the contract's form; values are taken as they come, nothing raises."""
    place, stated = _place(lead, policy), _stated(lead)
    number, address = _read_phone(_text(lead, "phone"), stated, policy), read_email(_text(lead, "email"))
    answers, answered = check_answers(policy.fields, _part(lead, "answers"))
    results = (
        *_person_results(lead, number, address, policy.resolver),
        *_place_results(lead, number, place, stated),
        check_consent(
            _part(lead, "consent"), declared=policy.declared_consent, token_verified=token_verified, withdrawn=withdrawn
        ),
        check_age(lead.get("submitted_at"), now=policy.now, max_age_days=policy.max_age_days),
        *(failed(f"{_REQUIRED}{item}", Code.FIELD_MISSING) for item in policy.required if is_blank(lead.get(item))),
        *answered,
        check_user_agent(_text(lead, "user_agent")),
        check_fill_time(lead.get("fill_seconds")),
    )
    return Judgement(
        results=results,
        phone=number.e164,
        email=address.canonical,
        country=stated or (number.region if number.valid else "") or policy.default_country,
        submitted_at=read_moment(lead.get("submitted_at")),
        answers=answers,
        contact_type=contact_type(lead, answers, offline=policy.offline),
        reasons=_reasons(results),
    )


def _person_results(
    lead: Mapping[str, Any], number: PhoneReading, address: EmailReading, resolver: Resolver | None
) -> list[Result]:
    """Who the person is and how to reach them; a channel that was not given is unknown."""
    name = full_name(_text(lead, "first_name"), _text(lead, "last_name"), _text(lead, "full_name"))
    phone, email, social_url = _text(lead, "phone"), _text(lead, "email"), _text(lead, "social_url")
    results = [
        check_contact(name=name, phone=phone, email=email, social_url=social_url),
        phone_result(number) if phone else unknown("phone", rule=_ABSENT),
        email_result(address) if email else unknown("email", rule=_ABSENT),
        check_name(name),
    ]
    if email and resolver:
        results.append(check_mx(email, resolver))
    further = (
        check_social(social_url),
        check_free_text(_text(lead, "comment")),
    )
    return [*results, *(result for result in further if result)]


def _place(lead: Mapping[str, Any], policy: Policy) -> Place:
    """Where the connection is, as far as anybody knows."""
    ip = _text(lead, "ip")
    return policy.places.place_of(ip) if ip and policy.places else UNKNOWN


def _place_results(lead: Mapping[str, Any], number: PhoneReading, place: Place, stated: str) -> list[Result]:
    """The phone's place and the connection's against the one stated; a lead without a connection has none to check."""
    phone = check_phone_place(number, stated or place.country or "", _text(lead, "region"), by_ip=not stated)
    connection = check_connection(place, stated) if _text(lead, "ip") else []
    is_none = _text(lead, "country") and not stated
    country = unknown("country", Code.FIELD_INVALID, rule="no_country_code") if is_none else None
    return [*(result for result in (country, phone) if result), *connection]


def _stated(lead: Mapping[str, Any]) -> str:
    """The country that the lead states by its code, upper case; "" for what is none."""
    code = _text(lead, "country").upper()
    return code if code in TERRITORIES else ""


def _part(lead: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = lead.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(lead: Mapping[str, Any], name: str) -> str:
    value = lead.get(name)
    return "" if value is None else str(value).strip()


def _read_phone(raw: str, country: str, policy: Policy) -> PhoneReading:
    """A number without a country code is read in the lead's own country first, then in the listing's."""
    at_home = read_phone(raw, country or policy.default_country)
    if at_home.valid or not country or country == policy.default_country:
        return at_home
    elsewhere = read_phone(raw, policy.default_country)
    return elsewhere if elsewhere.valid else at_home


def _reasons(results: tuple[Result, ...]) -> tuple[Reason, ...]:
    """All reasons, the blocking ones first."""
    unreachable = _is_unreachable({result.check: result for result in results})
    found = [reason for result in results for reason in _reasons_of(result, unreachable=unreachable)]
    return tuple(sorted(found, key=lambda reason: not reason.blocking))


def _is_unreachable(by_check: Mapping[str, Result]) -> bool:
    """Phone and e-mail both given and both dead; or the only one given, with no profile link to fall back on."""
    given = [by_check[name] for name in ("phone", "email") if by_check[name].evidence.get("rule") != _ABSENT]
    if not given or any(result.reason not in _NOT_WORKING for result in given):
        return False
    return len(given) > 1 or by_check["contact"].evidence["social"] == "no"


def _reasons_of(result: Result, *, unreachable: bool) -> list[Reason]:
    if result.reason is None:
        return []
    blocking = _blocks(result, unreachable=unreachable)
    own = _FIELDS.get(result.check, result.check.removeprefix(_REQUIRED))
    fields = _missing_parts(result) if result.reason is Code.MISSING_CONTACT else [own]
    return [Reason(result.reason, name, words(result.reason, name, result.evidence), blocking) for name in fields]


def _missing_parts(result: Result) -> list[str]:
    missing = {"full_name": result.evidence["name"] == "no", "phone": result.evidence["tier"] == "none"}
    return [name for name, is_missing in missing.items() if is_missing]


def _blocks(result: Result, *, unreachable: bool) -> bool:
    if result.reason in _NOT_WORKING:
        return unreachable
    if result.reason is Code.FIELD_INVALID:
        answer = result.check.startswith(PREFIX) and result.evidence.get("required") != "no"
        return answer or result.check == "age"
    return result.reason in _ALWAYS_BLOCKING
