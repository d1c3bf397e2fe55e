"""Browser contexts that one test after another uses: what is cached of our own scripts and styles stays in them, what
somebody has left there does not.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext

WIDTHS = {"desk": (1440, 1000), "phone": (390, 844)}


class Contexts:
    """For everybody a context of their own, as long as they need it: `with contexts.lend("phone", "dark") as context`.

    Args:
        browser: which they are made in.
        address: where our pages are; it stays the same for all tests.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._free: dict[tuple[str, str, bool], list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def lend(self, width: str = "desk", scheme: str = "light", *, scripts: bool = True) -> Iterator[BrowserContext]:
        free = self._free[width, scheme, scripts]
        context = free.pop() if free else self._make(width, scheme, scripts=scripts)
        try:
            yield context
        except BaseException:
            context.close()
            raise
        self._empty(context)
        free.append(context)

    def _make(self, width: str, scheme: str, *, scripts: bool) -> BrowserContext:
        wide, high = WIDTHS[width]
        return self._browser.new_context(
            base_url=self._address,
            viewport={"width": wide, "height": high},
            color_scheme=scheme,
            java_script_enabled=scripts,
            has_touch=width == "phone",
        )

    def _empty(self, context: BrowserContext) -> None:
        page = context.pages[0] if context.pages else context.new_page()
        cleared = {"origin": self._address, "storageTypes": "all"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", cleared)
        context.clear_cookies()
        context.clear_permissions()
        for page in context.pages:
            page.close()
