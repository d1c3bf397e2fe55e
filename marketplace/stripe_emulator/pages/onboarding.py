"""The hosted page on which a connected account tells who it is and where its bank is."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.stripe_emulator.banks import BANKS, find_bank, may_be_real
from marketplace.stripe_emulator.connect.onboarding import Told, name_of, tell
from marketplace.stripe_emulator.pages.common import present_world, render
from marketplace.stripe_emulator.resources.v2 import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import DAY, Work

pages = Blueprint("onboarding", __name__)
COUNTRIES = {
    "at": "Austria",
    "be": "Belgium",
    "fr": "France",
    "de": "Germany",
    "ie": "Ireland",
    "it": "Italy",
    "nl": "Netherlands",
    "pl": "Poland",
    "pt": "Portugal",
    "es": "Spain",
    "gb": "United Kingdom",
    "us": "United States",
}
_KINDS = {"company": "Company", "individual": "Person"}
_FIELDS = ("entity_type", "name", "country", "bank", "terms")
Problems = dict[str, str]


@pages.get("/connect/<token>")
def show(token: str) -> Response:
    """The form. A link that was used or opened too late leads back to get another one."""
    with present_world().work() as work:
        link = _link(work, token)
        if not _is_open(work, link):
            return redirect(_use(link)["refresh_url"], 303)
        work.change(link, _until=work.now + DAY)  # opened in time: its form may take its time
        account = work.known(link["account"])
    return _form(link, account, _known(account), {}, 200)


@pages.post("/connect/<token>")
def submit(token: str) -> Response:
    read = _read(request.form)
    with present_world().work() as work:
        link = _link(work, token)
        account = work.known(link["account"])
        if not _is_open(work, link):
            return redirect(_use(link)["refresh_url"], 303)
        if isinstance(read, dict):
            entered = {name: request.form.get(name, "") for name in _FIELDS}
            return _form(link, account, entered, read, 422)
        work.change(link, _is_used=True)
        tell(work, account, read)
        _tell_return(work, link, account)
    return redirect(_way_back(link), 303)


@pages.get("/connect/<token>/done")
def done(token: str) -> Response:
    with present_world().work() as work:
        _link(work, token)
    return render("onboarded.html", 200)


def _link(work: Work, token: str) -> Json:
    link = work.rows.find(token)
    if link is None or link["object"] != "v2.core.account_link":
        abort(404)
    return link


def _is_open(work: Work, link: Json) -> bool:
    return not link["_is_used"] and work.now < link["_until"]


def _use(link: Json) -> Json:
    use: Json = link["use_case"][link["use_case"]["type"]]
    return use


def _way_back(link: Json) -> str:
    return _use(link)["return_url"] or url_for("onboarding.done", token=link["id"])


def _tell_return(work: Work, link: Json, account: Json) -> None:
    told = {
        "account_id": account["id"],
        "configurations": account["applied_configurations"],
        "use_case": link["use_case"]["type"],
    }
    events.record(work, "v2.core.account_link.returned", None, told)


def _known(account: Json) -> Problems:
    """What the account has told before."""
    identity = account["identity"]
    return {
        "entity_type": identity["entity_type"] or "company",
        "name": name_of(account),
        "country": identity["country"] or "",
        "bank": "",
        "terms": "",
    }


def _read(form: Mapping[str, str]) -> Told | Problems:
    """What was entered, or a sentence for each field that is wrong."""
    name, country, bank = form.get("name", "").strip(), form.get("country", ""), find_bank(form.get("bank", ""))
    kind = form.get("entity_type", "")
    problems = {
        "entity_type": kind not in _KINDS and "Choose what you are.",
        "name": _name_problem(kind, name),
        "country": country not in COUNTRIES and "Choose a country.",
        "bank": bank is None and "This page takes test accounts only, such as 000123456789.",
        "terms": not form.get("terms") and "Agree to the terms to be paid.",
    }
    found = {field: problem for field, problem in problems.items() if problem}
    if found or bank is None:
        return found
    return Told(kind, name, country, bank)


def _name_problem(kind: str, name: str) -> str | None:
    if not name:
        return "Enter the name."
    if kind == "individual" and " " not in name:
        return "Enter given name and surname."
    return None if len(name) <= 200 else "The name is too long."  # noqa: PLR2004


def _form(link: Json, account: Json, entered: Problems, problems: Problems, status: int) -> Response:
    if may_be_real(entered["bank"]):
        entered = entered | {"bank": ""}
    use = _use(link)
    shown: dict[str, Any] = {
        "token": link["id"],
        "business": account["display_name"],
        "entered": entered,
        "problems": problems,
        "kinds": _KINDS,
        "countries": COUNTRIES,
        "banks": BANKS.values(),
        "later_url": use["return_url"],
    }
    return render("onboarding.html", status, leads_to=(use["return_url"], use["refresh_url"]), **shown)
