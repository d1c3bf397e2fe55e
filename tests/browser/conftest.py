"""Real browsers against the real application: people who sign in, letters whose links are followed, axe on each page.

A test of a page: `def test_x(browse, make_person, sign_in, axe)`; with `look` in place of `browse` it runs in both
colour schemes, in one on a desk, in the other on a phone.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from werkzeug.middleware.shared_data import SharedDataMiddleware

from tests.browser.contexts import Contexts
from tests.factories.people import PASSWORD, Person
from tests.factories.people import make_person as make

AXE = Path(__file__).parent / "vendor/axe.min.js"
#: where pages that are looked at find it: a browser keeps what it has made of a script with an address
AXE_PATH = "/axe-for-tests.js"
SHOTS = Path(__file__).parents[2] / "test-results"
ASKED = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # the nodes of nothing else are gathered
    "preload": False,  # all styles are the page's own
}
#: all in one go, once the page is at rest: each question to a browser takes longer than its answer
LOOK = """async (asked) => {
  const isAtWork = () => document.readyState !== 'complete' || document.fonts.status !== 'loaded'
    || document.querySelector('.htmx-request');
  while (isAtWork()) await new Promise((go) => setTimeout(go, 10));
  const { violations } = await axe.run(asked);
  const { scrollWidth, clientWidth } = document.documentElement;
  const rows = [...document.querySelectorAll('.tbl-list tbody tr')];
  return { violations, wider: scrollWidth - clientWidth, blank: rows.filter((row) => !row.innerText.trim()).length };
}"""
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; said before others ask for it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def contexts(chromium: Browser, product: Flask, served: str) -> Iterator[Contexts]:
    """Those of the application's own pages, beside which axe is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(product, "wsgi_app", SharedDataMiddleware(product.wsgi_app, {AXE_PATH: str(AXE)}))
        yield Contexts(chromium, served)


@pytest.fixture
def browse(request: pytest.FixtureRequest, contexts: Contexts, live: str) -> Iterator[Callable[..., Page]]:
    """A new browser of somebody's own: browse(width="phone", scheme="dark", scripts=False) -> Page.

    The test fails when a page throws, complains, or lacks something that it asks for. A failed test leaves pictures.
    """
    opened: list[tuple[Page, list[str]]] = []
    with ExitStack() as lent:

        def browse(*, width: str = "desk", scheme: str = "light", scripts: bool = True) -> Page:
            page = lent.enter_context(contexts.lend(width, scheme, scripts=scripts)).new_page()
            page.set_default_timeout(10_000)
            opened.append((page, _complaints(page)))
            return page

        yield browse
        if request.node.stash.get(FAILED, False):
            _keep_pictures(request.node.name, [page for page, _ in opened])
    assert [said for _, complaints in opened for said in complaints] == []


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    """One browser on a desk, in light."""
    return browse()


@pytest.fixture(params=["light-desk", "dark-phone"])
def look(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Page:
    """Each scheme and each width once: what a colour is does not depend on how wide the page is."""
    scheme, width = request.param.split("-")
    return browse(scheme=scheme, width=width)


def _complaints(page: Page) -> list[str]:
    """What the browser complains of. A page that refuses (4xx) is an answer; what a page needs must be there."""
    heard: list[str] = []

    def say(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            heard.append(message.text)

    def answer(response: Response) -> None:
        is_answer = response.request.resource_type == "document" or response.status == 422  # 422: a form, in place
        if response.status >= 500 or (response.status >= 400 and not is_answer):
            heard.append(f"{response.status} {response.url}")

    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", say)
    page.on("response", answer)
    return heard


def _keep_pictures(name: str, pages: list[Page]) -> None:
    SHOTS.mkdir(exist_ok=True)
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=SHOTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{number}.png", full_page=True)


@pytest.fixture
def make_person(app) -> Callable[..., Person]:
    """make_person("agency", role="member", is_verified=False) -> Person; `sign_in(page, person)` brings them in."""
    return make


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Come in by the page and be where the person starts: sign_in(page, person or address)."""

    def sign_in(page: Page, person: Person | str, password: str = PASSWORD) -> None:
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(person if isinstance(person, str) else person.email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")

    return sign_in


@pytest.fixture
def link_in_letter(mail, run_jobs) -> Callable[[str, str], str]:
    """Where the newest letter to an address leads on our own site: link_in_letter(email, "/confirm")."""

    def link(email: str, path: str) -> str:
        run_jobs()
        letter = next(letter for letter in reversed(mail.letters) if letter.to == email)
        found = re.search(rf"https?://[^\s/]+({re.escape(path)}\S*)", letter.text)
        assert found, letter.text
        return found[1]

    return link


@pytest.fixture
def axe(live: str) -> Callable[[Page], None]:
    """Nothing that axe knows is wrong with the page as it stands, nothing sticks out, no row is blank: axe(page)."""

    def axe(page: Page) -> None:
        if page.url.startswith(f"{live}/"):
            page.add_script_tag(url=AXE_PATH)
        else:
            page.evaluate(AXE.read_text())
        found = page.evaluate(LOOK, ASKED)
        told = [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
        assert (told, found["wider"], found["blank"]) == ([], 0, 0), page.url

    return axe
