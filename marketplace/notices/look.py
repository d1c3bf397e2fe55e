"""The look of letters: mail programs want it in style attributes, so the few rules are copied there."""

import re
from dataclasses import dataclass
from functools import cache

from marketplace.kit.render import source

_MEDIA = re.compile(r"@media[^{]+\{(?:[^{}]+\{[^{}]*\})+\s*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TAG = re.compile(r"<([a-z][a-z0-9]*)(\s[^<>]*)?>")
_CLASS = re.compile(r'class="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Look:
    """`rules`: declarations by selector, an element (`td`) or a class (`.cta`); `media`: what stays a style sheet."""

    rules: dict[str, str]
    media: str


@cache
def look() -> Look:
    """The look that `templates/emails/email.css` describes."""
    return read(source("emails/email.css"))


def read(css: str) -> Look:
    """Read a style sheet whose selectors are single elements or single classes; later rules add to earlier ones."""
    plain = _COMMENT.sub("", css)
    rules: dict[str, str] = {}
    for selectors, body in _RULE.findall(_MEDIA.sub("", plain)):
        declarations = "".join(f"{each.strip()};" for each in body.split(";") if each.strip())
        for selector in selectors.split(","):
            rules[selector.strip()] = rules.get(selector.strip(), "") + declarations
    return Look(rules, "\n".join(_MEDIA.findall(plain)))


def dress(html: str, worn: Look) -> str:
    """Copy the rules into the style attribute of each element, classes after elements as in CSS."""

    def dressed(tag: re.Match[str]) -> str:
        name, attributes = tag[1], tag[2] or ""
        classes = _CLASS.search(attributes)
        selectors = [name, *(f".{each}" for each in (classes[1].split() if classes else []))]
        style = "".join(worn.rules.get(selector, "") for selector in selectors).replace('"', "'")
        return f'<{name}{attributes} style="{style}">' if style else tag[0]

    return _TAG.sub(dressed, html)
