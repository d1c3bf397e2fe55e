import pytest

from marketplace.people.user_agents import browser_of

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36"
_IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_APPLE}"
_ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT}"


@pytest.mark.parametrize(
    ("header", "browser", "system"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox", "Windows"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox", "Linux"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "Firefox", "Android"),
        (_WINDOWS, "Chrome", "Windows"),
        (f"{_WINDOWS} Edg/141.0.0.0", "Edge", "Windows"),
        (f"{_WINDOWS} OPR/123.0.0.0", "Opera", "Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36", "Chrome", "ChromeOS"),
        (f"{_ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
        (f"{_ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Version/26.0 Safari/605.1.15", "Safari", "Mac"),
        (f"{_IPHONE} Version/26.0 Mobile/15E148 Safari/604.1", "Safari", "iPhone"),
        (f"{_IPHONE} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1", "Chrome", "iPhone"),
        (f"{_IPHONE} FxiOS/144.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iPhone"),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
        ("<script>alert(1)</script>", "", ""),
        ("\x00\r\n\u202e" * 100_000 + "Firefox/144.0", "", ""),
    ],
)
def test_a_browser_is_named_by_our_own_words(header, browser, system):
    assert browser_of(header) == (browser, system)
