"""Account links: the address at which an account tells who it is, once."""

from marketplace.stripe_emulator.ids import random_text
from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.params import choice, shape, text, url
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources.v2.accounts import get
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work, iso

resource = Resource("account_links", "v2")
LIVES = 600  # seconds in which it must be opened
_USE = shape(
    ("refresh_url",),
    collection_options=shape(
        fields=choice("currently_due", "eventually_due"), future_requirements=choice("include", "omit")
    ),
    refresh_url=url(),
    return_url=url(),
)
_CREATE = shape(
    ("account", "use_case"),
    account=text(),
    use_case=shape(
        ("type",), account_onboarding=_USE, account_update=_USE, type=choice("account_onboarding", "account_update")
    ),
)


@resource.post("/core/account_links")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    use = given["use_case"]
    if use["type"] not in use:
        message = f"`use_case.{use['type']}` must be given for this type."
        raise InvalidParameter(message, code="parameter_missing", param=f"use_case.{use['type']}")
    account = get(work, given["account"], param="account")
    kinds = {name: _use(use.get(name)) for name in ("account_onboarding", "account_update")}
    token = random_text(40)
    link = work.add(
        {
            "id": token,
            "object": "v2.core.account_link",
            "account": account["id"],
            "created": work.time,
            "expires_at": iso(work.now + LIVES),
            "livemode": False,
            "url": f"{work.world.public_url}/connect/{token}",
            "use_case": {"type": use["type"], **kinds},
            "_is_used": False,
            "_until": work.now + LIVES,
        }
    )
    return {name: value for name, value in link.items() if name != "id"}


def _use(given: Json | None) -> Json | None:
    if given is None:
        return None
    options = {"fields": "currently_due", "future_requirements": "omit"} | given.get("collection_options", {})
    return {"collection_options": options, "refresh_url": given["refresh_url"], "return_url": given.get("return_url")}
