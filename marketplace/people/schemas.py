"""What may come in about people, from pages and scripts alike, and what goes out."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load
from marshmallow.validate import URL, Length, OneOf, Range

from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.schemas import REASON, Country
from marketplace.kit.text import clean_text
from marketplace.people import passwords
from marketplace.people.addresses import clean_email, is_country
from marketplace.people.models import Grade, OrgKind, Role
from marketplace.people.rules import Power

_LINE = 200
_CODE = 40
_NAME = 60
_CREDENTIAL = 20_000
_MISSING = {"required": _l("Fill this in."), "null": _l("Fill this in."), "invalid": _l("This is not text.")}


class Line(fields.String):
    """One line of clean text; not empty unless `may_be_empty`."""

    default_error_messages = _MISSING  # marshmallow reads this attribute of the class

    def __init__(self, *, may_be_empty: bool = False, most: int = _LINE, **options: Any) -> None:
        self._may_be_empty = may_be_empty
        self._most = most
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = clean_text(str(super()._deserialize(value, attr, data, **options)))
        if not text and not self._may_be_empty:
            raise self.make_error("required")
        if len(text) > self._most:
            raise ValidationError([_l("Too long: use %(count)d characters or fewer.", count=self._most)])
        return text


class Address(Line):
    """An e-mail address, brought into one form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        try:
            return clean_email(super()._deserialize(value, attr, data, **options))
        except ValueError as error:
            raise ValidationError([_l("This is not an e-mail address.")]) from error


class Password(fields.String):
    """A password as typed. Whether it is good enough is decided where it is set, beside the address."""

    default_error_messages = _MISSING  # marshmallow reads this attribute of the class

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **options))
        if not text:
            raise self.make_error("required")
        if len(text) > passwords.LONGEST:
            raise ValidationError([_l("Too long: use %(count)d characters or fewer.", count=passwords.LONGEST)])
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise self.make_error("invalid")
        return text


def _must_be_country(code: str) -> None:
    if not is_country(code):
        raise ValidationError([_l("Choose a country from the list.")])


_ACCEPT = _l("Read and accept the terms to go on.")


def _must_accept(value: bool) -> None:  # noqa: FBT001  # marshmallow calls it so
    if not value:
        raise ValidationError([_ACCEPT])


_SITE = URL(schemes={"http", "https"}, error=_l("Write the whole address, like https://example.com."))


def _must_be_site(address: str) -> None:
    if address:
        _SITE(address)


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody opens an account; `accepted` is {document: version}."""

    kind: str
    organisation: str
    country: str
    name: str
    email: str = field(repr=False)
    password: str = field(repr=False)
    accepted: dict[str, str]


class SignUpForm(Schema):
    """`terms` and `data_processing` are the versions that the page showed."""

    kind = fields.String(required=True, validate=OneOf([OrgKind.AGENCY.value, OrgKind.BUYER.value]))
    organisation = Line(required=True)
    country = Country(required=True, validate=_must_be_country)
    name = Line(required=True)
    email = Address(required=True)
    password = Password(required=True, load_only=True)
    accept = fields.Boolean(required=True, validate=_must_accept, error_messages={"required": _ACCEPT})
    terms = Line(required=True)
    data_processing = Line(required=True)

    @post_load
    def _typed(self, data: dict[str, Any], **_options: Any) -> SignUp:
        accepted = {"terms": data.pop("terms"), "data_processing": data.pop("data_processing")}
        del data["accept"]
        return SignUp(**data, accepted=accepted)


class SignInForm(Schema):
    email = Address(required=True)
    password = Password(required=True, load_only=True)


class AddressForm(Schema):
    """Ask for a letter: a new password, or the confirmation again."""

    email = Address(required=True)


class NewPasswordForm(Schema):
    """The second step of a reset."""

    token = Line(required=True, most=1000)
    password = Password(required=True, load_only=True)


class ChangePasswordForm(Schema):
    current = Password(required=True, load_only=True)
    password = Password(required=True, load_only=True)


class CodeForm(Schema):
    """A code of the authenticator app, or a recovery code; spaces and dashes are passed over."""

    code = Line(required=True, most=_CODE)


class PasswordForm(Schema):
    """The password is asked for again."""

    current = Password(required=True, load_only=True)


class SetUpForm(CodeForm):
    """`token` is what the page with the secret was given."""

    token = Line(required=True, most=1000)


class ProofForm(PasswordForm, CodeForm):
    """Both are asked for again."""


class NewPasskeyForm(PasswordForm):
    """The first step to a passkey; `code` where an app is turned on."""

    name = Line(required=True, most=_NAME)
    code = Line(may_be_empty=True, load_default="", most=_CODE)


class CredentialForm(Schema):
    """What a browser has made or signed, in its own JSON."""

    credential = Line(required=True, most=_CREDENTIAL)


class PasskeyNameForm(Schema):
    name = Line(required=True, most=_NAME)


class PasskeyForm(PasskeyNameForm, CredentialForm):
    """The second step to a passkey."""


class InvitationForm(Schema):
    email = Address(required=True)
    role = fields.String(required=True, validate=OneOf(list(Role)))


class RoleForm(Schema):
    role = fields.String(required=True, validate=OneOf(list(Role)))


@dataclass(frozen=True, slots=True)
class Joining:
    """Who accepts an invitation: a new person gives name and password, a known one the password they have."""

    password: str = field(repr=False)
    name: str = ""


class JoinForm(Schema):
    name = Line(may_be_empty=True, load_default="")
    password = Password(required=True, load_only=True)

    @post_load
    def _typed(self, data: dict[str, Any], **_options: Any) -> Joining:
        return Joining(**data)


class TermsForm(Schema):
    """A new version is accepted; the values are the versions that the page showed."""

    accept = fields.Boolean(required=True, validate=_must_accept, error_messages={"required": _ACCEPT})
    terms = Line(required=True)
    data_processing = Line(required=True)

    @post_load
    def _typed(self, data: dict[str, Any], **_options: Any) -> dict[str, str]:
        return {"terms": data["terms"], "data_processing": data["data_processing"]}


class DetailsForm(Schema):
    """What helps staff to verify an organisation."""

    website = Line(may_be_empty=True, load_default="", validate=_must_be_site)
    registration_number = Line(may_be_empty=True, load_default="", most=60)


class KeyForm(Schema):
    name = Line(required=True, most=80)
    scopes = fields.List(
        fields.String(validate=OneOf(list(Power))),
        required=True,
        validate=Length(min=1, error=_l("Choose at least one scope.")),
    )


class GradeIn(Schema):
    """An agency's grade as staff set it, why, and for how many days; with 0 its record counts again at once."""

    grade = fields.String(required=True, validate=OneOf([grade.value for grade in Grade]))
    reason = fields.String(required=True, validate=REASON)
    days = fields.Integer(load_default=90, validate=Range(0, 365))


class OrganisationOut(Schema):
    id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    country = fields.String()
    website = fields.String()
    registration_number = fields.String()
    grade = fields.String(metadata={"description": "An agency's: `new` until there is enough to tell."})
    score = fields.Float(allow_none=True, metadata={"description": "An agency's, 0 to 100; null until it is rated."})
    grade_until = fields.AwareDateTime(
        allow_none=True,
        metadata={"description": "Until then the grade is one that was set, not what the record earns."},
    )
    verified_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
