"""What may come in as a lead, by file, page and API alike, and what of it goes out."""

from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from marketplace.catalog import Vertical
from marketplace.kit.i18n import gettext as _
from marketplace.leads.reading.countries import country_code

_SHORT = validate.Length(max=200)
_LONG = validate.Length(max=2000)


def _text(length: validate.Length = _SHORT) -> fields.String:
    return fields.String(allow_none=True, validate=length)


class ConsentIn(Schema):
    """What the person agreed to: the text, its version, when, how, and a token that proves it."""

    text = _text(_LONG)
    version = _text()
    at = fields.AwareDateTime(allow_none=True, format="iso")
    method = _text()
    token = _text(_LONG)


class LeadIn(Schema):
    """One lead. Answers are checked against the listing's vertical afterwards."""

    class Meta:
        unknown = INCLUDE

    external_id = _text()
    first_name = _text()
    last_name = _text()
    full_name = _text()
    phone = _text()
    email = _text(validate.Length(max=320))
    social_url = _text(validate.Length(max=500))
    street = _text()
    city = _text()
    region = _text()
    postal_code = _text(validate.Length(max=20))
    country = fields.String(
        allow_none=True,
        validate=_SHORT,
        metadata={"description": "Two letters (ISO 3166-1), three, or a name; what is none counts as not stated."},
    )
    ip = _text(validate.Length(max=45))
    user_agent = _text(_LONG)
    page_url = _text(_LONG)
    submitted_at = fields.AwareDateTime(allow_none=True, format="iso")
    fill_seconds = fields.Float(allow_none=True, validate=validate.Range(0))
    channel = _text()
    traffic_source = _text()
    campaign = _text()
    sub_id = _text()
    incentive = _text()
    preferred_call_time = _text()
    comment = _text(_LONG)
    consent = fields.Nested(ConsentIn, allow_none=True)
    answers = fields.Dict(keys=fields.String(), allow_none=True)

    @validates_schema(skip_on_field_errors=False)
    def _known(self, data: dict[str, Any], **_kwargs: Any) -> None:
        trade: Vertical = self.context_vertical
        unknown = [key for key in data if key not in self.fields and not trade.field(key)]
        unknown += [f"answers.{key}" for key in data.get("answers") or {} if not trade.field(str(key))]
        if unknown:
            raise ValidationError({key: [_("This field is not known here.")] for key in unknown})

    def __init__(self, vertical: Vertical) -> None:
        self.context_vertical = vertical
        super().__init__()

    def read(self, raw: Any) -> dict[str, Any]:
        """A lead as the checks take it; an answer given beside the fields is moved among the answers.

        A country is its code where it is one, as from a file; what is none stays for the checks to say so.

        Raises:
            ValidationError: with the message of each field.
        """
        lead: dict[str, Any] = {key: value for key, value in self.load(raw).items() if value not in (None, "")}
        beside = {key: lead.pop(key) for key in list(lead) if key not in self.fields}
        lead["answers"] = {**beside, **(lead.get("answers") or {})}
        if stated := lead.get("country"):
            lead["country"] = country_code(stated) or stated
        return lead
