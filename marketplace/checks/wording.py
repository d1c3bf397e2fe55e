"""What is said about each finding: plain words for the person who can do something about it."""

from collections.abc import Callable, Mapping

from marketplace.checks.result import Code
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l

_Evidence = Mapping[str, str]

# The sharper sentence of a rule wins over the general one of its code.
_BY_RULE = {
    (Code.PHONE_INVALID, "no_country"): _l("The phone has no country code. Write it like +12025550123."),
    (Code.PHONE_INVALID, "no_digits"): _l("The phone holds no number."),
    (Code.PHONE_INVALID, "rounded_by_spreadsheet"): _l(
        "A spreadsheet has rounded this phone. Export the column again as text."
    ),
    (Code.PHONE_INVALID, "wrong_length"): _l("The phone has too many or too few digits."),
    (Code.PHONE_INVALID, "too_short"): _l("The phone has too many or too few digits."),
    (Code.PHONE_FICTITIOUS, "nanp_bare_555"): _l("555 numbers without an area code reach nobody."),
    (Code.PHONE_FICTITIOUS, "repeated_digits"): _l("The phone is one digit repeated. Nobody has this number."),
    (Code.PHONE_FICTITIOUS, "sequential_digits"): _l("The phone is digits in counting order. Nobody has this number."),
    (Code.CONSENT_MISSING, "refused"): _l("The person did not agree to be contacted. The lead cannot be sold."),
    (Code.CONSENT_MISSING, "flag_only"): _l(
        "It says yes, but not to what. Add the text that the person agreed to, or declare it for the file."
    ),
    (Code.FIELD_INVALID, "unknown_field"): _l("This vertical has no such question. Leave the answer out."),
    (Code.FIELD_INVALID, "not_a_time"): _l("The time cannot be read. Write it like 2026-01-31T14:05:00Z."),
    (Code.FIELD_INVALID, "in_the_future"): _l("The time lies in the future."),
    (Code.FIELD_INVALID, "not_a_profile"): _l("This is not a link to a person's page on a social network."),
    (Code.FIELD_INVALID, "no_country_code"): _l(
        "This is no country that we know. Give it as two letters, like US or PL."
    ),
    (Code.BOT_SUSPECTED, "under_3_seconds"): _l("The form was filled in under 3 seconds. A person needs longer."),
}
_BY_CODE = {
    Code.PHONE_INVALID: _l("The phone does not exist in its country's numbering plan."),
    Code.PHONE_FICTITIOUS: _l("The phone is kept for films and tests. It reaches nobody."),
    Code.PHONE_PREMIUM: _l("Calling this phone costs a premium."),
    Code.EMAIL_INVALID: _l("The e-mail address is not well-formed."),
    Code.EMAIL_DISPOSABLE: _l("The e-mail address is a throw-away one."),
    Code.EMAIL_NO_MX: _l("The e-mail's domain accepts no mail."),
    Code.NAME_IMPLAUSIBLE: _l("The name does not look like a person's name."),
    Code.DUPLICATE_OWN: _l("You have sent this person before."),
    Code.CONSENT_MISSING: _l("There is no consent. Add the text that the person agreed to, or declare it."),
    Code.CONSENT_WITHDRAWN: _l("The person withdrew the consent. The lead cannot be sold."),
    Code.FIELD_INVALID: _l("This answer does not fit its question."),
    Code.BOT_SUSPECTED: _l("The browser calls itself a program, not a person's browser."),
    Code.VELOCITY: _l("Too many leads came from the same place in a short time."),
    Code.BLOCKED_COUNTRY: _l("Leads from this country cannot be sold here."),
}


def words(code: Code, field: str, evidence: _Evidence) -> str:
    """The sentence for one finding in the reader's language; it never repeats the contact."""
    if own := _OWN.get(code):
        return own(field, evidence)
    rule = evidence.get("rule") or evidence.get("state") or ""
    if suggestion := evidence.get("did_you_mean"):
        return str(_("The e-mail's domain may be a typo. Was %(domain)s meant?", domain=suggestion))
    return evidence.get("message") or str(_BY_RULE.get((code, rule)) or _BY_CODE[code])


def _too_old(_field: str, evidence: _Evidence) -> str:
    return str(_("Asked %(days)s days ago; here a lead is at most %(limit)s days old.", **evidence))


def _field_missing(field: str, evidence: _Evidence) -> str:
    return str(
        _("Fill in “%(title)s”. It is required here.", title=_(evidence.get("title") or field.replace("_", " ")))
    )


def _missing_contact(field: str, _evidence: _Evidence) -> str:
    if field == "full_name":
        return str(_("There is no name. A lead needs a name and a way to reach the person."))
    return str(_("There is no phone, no e-mail and no profile link. A lead needs a way to reach the person."))


_OWN: dict[Code, Callable[[str, _Evidence], str]] = {
    Code.TOO_OLD: _too_old,
    Code.FIELD_MISSING: _field_missing,
    Code.MISSING_CONTACT: _missing_contact,
}
