"""What a browser calls itself, in two plain words: only names from these tables ever come out of its header."""

from collections.abc import Mapping

#: by what stands in the header of each; the first that does counts, as most also claim to be the ones below
_BROWSERS: Mapping[str, str] = {
    "Edg/": "Edge",
    "EdgA/": "Edge",
    "EdgiOS/": "Edge",
    "OPR/": "Opera",
    "OPT/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "YaBrowser/": "Yandex Browser",
    "Vivaldi/": "Vivaldi",
    "DuckDuckGo/": "DuckDuckGo",
    "Ddg/": "DuckDuckGo",
    "FxiOS/": "Firefox",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS: Mapping[str, str] = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
#: headers of real browsers are far shorter
_LONGEST = 1000


def browser_of(user_agent: str) -> tuple[str, str]:
    """Which browser sent this header, and on what it runs; an empty text for what nobody can tell."""
    text = user_agent[:_LONGEST]
    return _first(_BROWSERS, text), _first(_SYSTEMS, text)


def _first(names: Mapping[str, str], text: str) -> str:
    return next((name for mark, name in names.items() if mark in text), "")
