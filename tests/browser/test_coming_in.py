import pytest
from playwright.sync_api import expect

from tests.factories.people import PASSWORD

PUBLIC = [
    "/",
    "/proof",
    "/proof/books",
    "/terms",
    "/data-processing",
    "/sign-in",
    "/sign-up/agency",
    "/forgot",
    "/forgot/sent",
    "/confirm/sent",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_open_to_everybody_who_can_read(look, axe, path):
    look.goto(path)
    axe(look)


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/join?token=x", 404)])
def test_what_is_not_there_is_said_in_a_page_like_the_others(look, axe, path, status):
    assert look.goto(path).status == status
    axe(look)


def test_what_a_role_may_not_do_is_said_in_a_page_too(look, make_person, sign_in, axe):
    owner = make_person("buyer")
    sign_in(look, make_person("buyer", role="finance", org_id=owner.org_id))
    assert look.goto("/keys").status == 403
    axe(look)


@pytest.mark.parametrize("side", ["agency", "buyer"])
def test_somebody_opens_an_account_confirms_the_address_and_comes_in(page, link_in_letter, axe, side):
    page.goto("/")
    page.get_by_role("link", name=f"Open {'an agency' if side == 'agency' else 'a buyer'} account").click()
    page.get_by_label("Company", exact=True).fill("Tallgrass Digital")
    page.get_by_label("Country").select_option("US")
    page.get_by_label("Your name").fill("Ana Reyes")
    page.get_by_label("Work e-mail").fill("Ana@Tallgrass.example")
    page.get_by_label("Password").fill("short")
    page.get_by_label("I accept").check()
    page.get_by_role("button", name="Open the account").click()
    expect(page.locator("#f-password-error")).to_contain_text("Too short")
    expect(page.get_by_label("Work e-mail")).to_have_value("Ana@Tallgrass.example")
    axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I accept").check()
    page.get_by_role("button", name="Open the account").click()
    page.get_by_text("ana@tallgrass.example").wait_for()
    page.goto(link_in_letter("ana@tallgrass.example", "/confirm"))
    page.get_by_role("button", name="Confirm the address").click()
    page.get_by_text("Your address is confirmed").wait_for()
    page.get_by_label("E-mail").fill("ana@tallgrass.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/account")
    page.get_by_role("navigation", name="Main").get_by_text("Tallgrass Digital").wait_for()
    page.get_by_role("heading", name="First steps").wait_for()
    axe(page)


def test_a_wrong_password_keeps_the_address_and_says_so(page, make_person, axe):
    buyer = make_person()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(buyer.email)
    page.get_by_label("Password").fill("not this one at all")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").get_by_text("do not go together").wait_for()
    expect(page.get_by_label("E-mail")).to_have_value(buyer.email)
    expect(page.get_by_label("Password")).to_have_value("")
    axe(page)


def test_somebody_comes_in_and_goes_out_with_the_keyboard_alone(page, make_person):
    buyer = make_person()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    _tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    _tab_to(page, "", name="email")
    page.keyboard.type(buyer.email)
    _tab_to(page, "", name="password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalog")
    page.goto("/account")
    _tab_to(page, "Dana Ortiz")
    page.keyboard.press("Enter")
    _tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sign in").wait_for()


def test_a_forgotten_password_is_replaced_by_letter(page, make_person, link_in_letter, sign_in, axe):
    buyer = make_person()
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot it").click()
    page.get_by_label("E-mail").fill(buyer.email)
    page.get_by_role("button", name="Send the letter").click()
    page.get_by_role("heading", name="Check your mail").wait_for()
    page.goto(link_in_letter(buyer.email, "/reset"))
    axe(page)
    page.get_by_label("New password", exact=True).fill("another fine password")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_text("Your password is set").wait_for()
    sign_in(page, buyer, "another fine password")


def test_it_all_works_without_scripts_on_a_phone(browse, make_person, sign_in):
    page = browse(width="phone", scripts=False)
    sign_in(page, make_person("agency"))
    page.goto("/account")
    page.get_by_role("heading", name="Your account").wait_for()


def _tab_to(page, text, *, name=""):
    """Press Tab until the focus is on what carries the text, or on the field of this name."""
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.name || '']")
        if (name and found[1] == name) or (text and text in found[0] and len(found[0]) < 60):
            return
    raise AssertionError(f"no way to {text or name} with the Tab key")
