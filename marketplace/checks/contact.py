"""Is there a person and a way to reach them? A name and one channel make a lead; a profile link is the lowest tier."""

from urllib.parse import urlsplit

from marketplace.checks.result import Code, Result, failed, passed
from marketplace.kit.text import listed

_NETWORKS = frozenset(
    listed(
        "facebook.com|fb.com|m.me|instagram.com|linkedin.com|lnkd.in|x.com|twitter.com|tiktok.com|youtube.com|t.me"
        "|telegram.me|wa.me|whatsapp.com|vk.com|vk.ru|ok.ru|pinterest.com|snapchat.com|threads.net|xing.com|viber.com"
        "|discord.gg|signal.me|github.com|bsky.app|mastodon.social|reddit.com|medium.com|behance.net|nk.pl|max.ru"
    )
)
_SCHEMES = ("http", "https")


def is_profile_link(raw: str) -> bool:
    """A link to somebody's page in a known network, with or without `https://`; a network's front page is nobody's."""
    text = raw.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    family = {host, ".".join(host.split(".")[-2:])}
    return parts.scheme in _SCHEMES and bool(family & _NETWORKS) and bool(parts.path.strip("/@") or parts.query)


def check_contact(*, name: str, phone: str, email: str, social_url: str) -> Result:
    """Presence only; whether the channels work is said by their own checks.

    Evidence: `tier` is phone_and_email, phone, email, social or none; `name` and `social` are yes or no.
    """
    social = bool(social_url) and is_profile_link(social_url)
    tier = _tier(phone=bool(phone), email=bool(email), social=social)
    facts = {"tier": tier, "name": "yes" if name else "no", "social": "yes" if social else "no"}
    if tier == "none" or not name:
        return failed("contact", Code.MISSING_CONTACT, method="presence", **facts)
    return passed("contact", method="presence", **facts)


def check_social(raw: str) -> Result | None:
    """A profile link that leads to no known network is said to be wrong; None when there is nothing to say."""
    if not raw or is_profile_link(raw):
        return None
    return failed("social_url", Code.FIELD_INVALID, rule="not_a_profile")


def _tier(*, phone: bool, email: bool, social: bool) -> str:
    if phone and email:
        return "phone_and_email"
    found = {"phone": phone, "email": email, "social": social}
    return next((channel for channel, given in found.items() if given), "none")
