import pytest
from playwright.sync_api import expect

from marketplace.kit.db import transaction
from marketplace.people import actions, ceremonies
from tests.factories.people import PASSWORD
from tests.factories.second_factor import shown_by


@pytest.mark.parametrize("path", ["/account", "/account/second-factor", "/team", "/keys"])
def test_own_pages_are_open_to_everybody_who_can_read(look, make_person, sign_in, axe, path):
    owner = make_person("agency", is_verified=False, has_terms=False)
    with transaction():
        actions.invite(owner.who, "new@example.com", "member")
    make_person("agency", role="member", org_id=owner.org_id)
    sign_in(look, owner)
    look.goto(path)
    axe(look)


def test_what_cannot_be_undone_is_asked_once(page, make_person, sign_in, axe):
    owner = make_person("agency")
    make_person("agency", role="member", org_id=owner.org_id)
    sign_in(page, owner)
    page.goto("/team")
    page.locator("summary", has_text="Remove").click()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keep it")).to_be_hidden()
    page.locator("summary", has_text="Remove").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Member removed").wait_for()


def test_a_key_is_made_copied_and_revoked(page, make_person, sign_in, axe):
    sign_in(page, make_person("buyer"))
    page.goto("/keys")
    page.get_by_label("Name").fill("CRM")
    page.get_by_role("button", name="Make the key").click()
    page.get_by_text("Choose at least one scope.").wait_for()
    axe(page)
    page.get_by_label("Browse the catalogue").check()
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("heading", name="Copy your key now").wait_for()
    axe(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the key").click()
    page.get_by_text("Copied", exact=True).wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()").startswith("flk_")
    page.get_by_role("link", name="I have copied it").click()
    row = page.get_by_role("row", name="CRM")
    row.locator("summary", has_text="Revoke").click()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_text("has ended").wait_for()


def test_an_app_is_set_up_and_asked_for(look, make_person, sign_in, axe):
    buyer = make_person("buyer")
    sign_in(look, buyer)
    look.goto("/account")
    look.get_by_role("link", name="Set up an app").click()
    look.get_by_label("Your password").fill(PASSWORD)
    look.get_by_role("button", name="Go on").click()
    look.get_by_role("heading", name="Scan this with your app").wait_for()
    axe(look)
    secret = look.locator(".copy-x code").inner_text().replace(" ", "")
    look.get_by_label("Code that the app shows now").fill(shown_by(secret))
    look.get_by_role("button", name="Turn it on").click()
    look.get_by_role("heading", name="Keep these recovery codes").wait_for()
    axe(look)
    code = look.get_by_role("listitem").filter(has_text="-").first.inner_text()
    look.get_by_role("link", name="I have kept them").click()
    look.get_by_role("link", name="Change it").click()
    axe(look)
    look.context.clear_cookies()
    sign_in(look, buyer)
    axe(look)
    look.get_by_role("link", name="Use a recovery code").click()
    look.get_by_label("Recovery code").fill(code)
    look.get_by_role("main").get_by_role("button", name="Sign in").click()
    look.wait_for_url("**/catalog")


#: what a phone or a laptop has built in
CHIP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(live):
    """The address of the application as a name: for a number there are no passkeys."""
    address = live.replace("127.0.0.1", "localhost")
    ceremonies.use_site(address)
    yield address
    ceremonies.use_site("")


def test_a_passkey_is_made_and_signs_in_by_itself(look, by_name, make_person, axe):
    buyer, device = make_person("buyer"), look.context.new_cdp_session(look)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})
    look.goto(f"{by_name}/sign-in")
    axe(look)
    look.get_by_label("E-mail").fill(buyer.email)
    look.get_by_label("Password").fill(PASSWORD)
    look.get_by_role("main").get_by_role("button", name="Sign in").click()
    look.wait_for_url("**/catalog")
    look.goto(f"{by_name}/account")
    look.get_by_role("link", name="Add a passkey").click()
    expect(look.get_by_text("This browser makes no passkeys here")).to_be_hidden()
    axe(look)
    look.get_by_label("Name").fill("My phone")
    look.get_by_label("Your password").fill(PASSWORD)
    look.get_by_role("button", name="Go on").click()
    axe(look)
    look.get_by_role("button", name="Make the passkey").click()
    look.get_by_text("signs you in from now on").wait_for()
    look.locator("summary", has_text="Rename").click()
    axe(look)
    look.context.clear_cookies()
    look.goto(f"{by_name}/sign-in?next=/team")
    look.get_by_role("button", name="Use a passkey").click()
    look.wait_for_url(f"{by_name}/team")
    device.send("WebAuthn.disable")


def test_a_browser_without_our_passkey_says_so_and_takes_the_password(page, by_name, axe):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})
    page.goto(f"{by_name}/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("alert").get_by_text("No passkey was used").wait_for()
    axe(page)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    device.send("WebAuthn.disable")


def test_somebody_invited_joins_and_sees_the_team(browse, make_person, sign_in, link_in_letter, axe):
    owner = make_person("agency")
    page = browse()
    sign_in(page, owner)
    page.goto("/team")
    page.get_by_label("E-mail").fill("new@example.com")
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("on its way").wait_for()
    guest = browse(width="phone")
    guest.goto(link_in_letter("new@example.com", "/join"))
    axe(guest)
    guest.get_by_label("Your name").fill("Noor Haddad")
    guest.get_by_label("Password").fill("another fine password")
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url("**/overview")
    page.goto("/team")
    page.get_by_text("Noor Haddad", exact=True).wait_for()


def test_what_a_new_agency_does_next_leads_there(page, make_person, sign_in):
    sign_in(page, make_person("agency", is_verified=False, has_terms=False))
    page.goto("/account")
    steps = page.get_by_role("region", name="First steps")
    expect(steps.locator("[aria-current=step]")).to_contain_text("Accept the terms")
    page.get_by_label("I have read both").check()
    page.get_by_role("button", name="Accept the terms").click()
    page.get_by_text("The terms are accepted").wait_for()
    page.get_by_label("Website").fill("https://tallgrass.example")
    page.get_by_role("button", name="Send to be checked").click()
    page.get_by_text("We check it and write to you").wait_for()
    expect(steps.locator("[aria-current=step]")).to_contain_text("Make a listing")


def test_a_double_click_is_one_wish(page, make_person, sign_in):
    owner = make_person("agency")
    sign_in(page, owner)
    page.goto("/account")
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_label("New password").fill("another fine password")
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.get_by_role("button", name="Change the password").dblclick()
    page.get_by_text("Your password is changed").wait_for()
    assert len(sent) == 1
