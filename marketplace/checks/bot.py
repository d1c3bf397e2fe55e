"""Signs of a program behind the form: what its browser calls itself, and how fast the form was filled in."""

import re
from functools import lru_cache

from marketplace.checks.result import Code, Result, failed, passed, unknown

_MARKS = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|scrap|archiv|fetch|preview|monitor|validat|check(?:er|link)|scan"
    r"|headless|phantomjs|selenium|puppeteer|playwright|electron|curl|wget|libwww|httpclient|http[_-]?lib|httpunit"
    r"|python|aiohttp|httpx|okhttp|axios|node-fetch|java/|go-http|perl|ruby|php/|guzzle|scrapy|facebookexternalhit"
    r"|feed(?!back)|reader|nutch|lighthouse|pingdom|uptime|\+?https?://|@[a-z]",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"mozilla/|opera/|dalvik/", re.IGNORECASE)
_APPS = re.compile(r"\[?FB(?:AN|AV|_IAB)|Instagram \d|Musical_ly|BytedanceWebview", re.IGNORECASE)
_LONGEST = 1000


@lru_cache(maxsize=4096)
def check_user_agent(raw: str | None) -> Result:
    """A browser passes; a program that says so, or says nothing that a browser would, fails."""
    text = (raw or "").strip()[:_LONGEST]
    if not text:
        return unknown("user_agent", rule="absent")
    if found := _MARKS.search(_APPS.sub("", text)):
        return failed("user_agent", Code.BOT_SUSPECTED, method="pattern", rule=found[0].lower().strip("/ ;_-"))
    if not _BROWSER.search(text):
        return failed("user_agent", Code.BOT_SUSPECTED, method="pattern", rule="no_browser")
    return passed("user_agent", method="pattern")
