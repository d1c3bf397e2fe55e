"""Accounts v2: who is paid out through us. A recipient tells on a hosted page who it is and where its bank is."""

from marketplace.stripe_emulator.connect import accounts
from marketplace.stripe_emulator.protocol.errors import InvalidParameter, NoSuchObject
from marketplace.stripe_emulator.protocol.lists_v2 import page, page_params
from marketplace.stripe_emulator.protocol.params import boolean, choice, currency, many, metadata, pattern, shape, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("accounts", "v2")
_ON_DEMAND = ("configuration", "defaults", "future_requirements", "identity", "requirements")
_INCLUDE = many(
    choice(
        "configuration.customer",
        "configuration.merchant",
        "configuration.recipient",
        *_ON_DEMAND[1:],
    )
)
_REQUESTED = shape(("requested",), requested=boolean())
_RECIPIENT = shape(capabilities=shape(stripe_balance=shape(stripe_transfers=_REQUESTED)))
_PERSON = shape(email=text(), given_name=text(), phone=text(), surname=text())
_IDENTITY = shape(
    business_details=shape(phone=text(), registered_name=text()),
    country=pattern("[a-z]{2}", "a lower-case country code"),
    entity_type=choice("company", "government_entity", "individual", "non_profit"),
    individual=_PERSON,
)
_DEFAULTS = shape(
    currency=currency(),
    locales=many(text()),
    profile=shape(business_url=text(), doing_business_as=text(), product_description=text()),
    responsibilities=shape(
        fees_collector=choice("application", "stripe"), losses_collector=choice("application", "stripe")
    ),
)
_WRITE = shape(
    configuration=shape(recipient=_RECIPIENT),
    contact_email=text(),
    contact_phone=text(),
    dashboard=choice("express", "full", "none"),
    defaults=_DEFAULTS,
    display_name=text(),
    identity=_IDENTITY,
    include=_INCLUDE,
    metadata=metadata(),
)
_READ = shape(include=_INCLUDE)
_LIST = page_params(applied_configurations=many(choice("customer", "merchant", "recipient")), closed=boolean())


def again(work: Work, params: Json, account_id: str) -> Json:
    """The account as it is now, with the parts that are asked for."""
    return _shown(get(work, account_id), _READ(params, ""))


@resource.post("/core/accounts", again)
def create(work: Work, params: Json) -> Json:
    given = _WRITE(params, "")
    if given.get("dashboard", "none") != "none" and "responsibilities" not in given.get("defaults", {}):
        raise InvalidParameter(
            "You must say who collects fees and losses.", code="parameter_missing", param="defaults.responsibilities"
        )
    return _shown(accounts.create(work, given), given)


@resource.get("/core/accounts/<account_id>")
def retrieve(work: Work, params: Json, account_id: str) -> Json:
    return again(work, params, account_id)


@resource.get("/core/accounts")
def list_accounts(work: Work, params: Json) -> Json:
    given = _LIST(params, "")
    applied, closed = set(given.get("applied_configurations", [])), given.get("closed", False)

    def fits(account: Json) -> bool:
        return account["closed"] is closed and applied <= set(account["applied_configurations"])

    return page(work, "v2.core.account", "/v2/core/accounts", given, fits, lambda account: _shown(account, {}))


@resource.post("/core/accounts/<account_id>", again)
def update(work: Work, params: Json, account_id: str) -> Json:
    given = _WRITE(params, "")
    account = get(work, account_id)
    accounts.apply(account, given)
    return _shown(accounts.change(work, account), given)


def get(work: Work, account_id: str, *, param: str | None = None) -> Json:
    """The account, if it is the asking one or asked for by the platform. Raises NoSuchObject."""
    found = work.rows.find(account_id)
    if found is None or found["object"] != "v2.core.account" or work.account not in {"", account_id}:
        raise NoSuchObject("v2.core.account", account_id, code="not_found", param=param)
    return found


def _shown(account: Json, given: Json) -> Json:
    """Only what was asked for; the rest is null, as Stripe has it."""
    wanted = {name.partition(".")[0] for name in given.get("include", [])}
    return account | {name: None for name in _ON_DEMAND if name not in wanted}
