"""Settings: one typed, frozen object made from the environment."""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, replace
from ipaddress import ip_address
from typing import Any, Literal, Self, cast
from urllib.parse import urlsplit

#: ports that browsers leave out of an origin
_USUAL = {("http", 80), ("https", 443)}

Mode = Literal["production", "demo", "test"]

#: what an installation cannot run without; each variable is called as its attribute, in capitals
_NEEDED = (
    "database_url",
    "secret_key",
    "pii_keys",
    "pii_pepper",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "smtp_url",
    "mail_from",
    "public_url",
    "company_name",
    "company_address",
    "company_country",
    "files_url",
)


class MissingSettings(Exception):
    """The environment lacks something that the product cannot run without."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("Set these environment variables before starting: " + ", ".join(sorted(names)))


class WrongSetting(Exception):
    """The environment gives something that cannot be read."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name} has to be a whole number, and is {text!r}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations.

    Attributes:
        pii_keys: keys for contact data, `id:base64-of-32-bytes`, comma separated; the first one seals, all open.
        pii_pepper: secret of the blind index (who is the same person); it cannot be rotated without re-indexing.
        company_name, company_address, company_country, company_vat_id: who issues documents; without a VAT number we
            charge no VAT.
        vat_rates: what we charge, in per cent by the customer's country: `PL=23, DE=19`.
        files_url: any fsspec address of the shared file store, for example `file:///var/lib/fairlead`.
        trusted_proxies: how many proxies in front of us set X-Forwarded-For.
        ip_country_file, ip_network_file: addresses with their countries and networks, in MaxMind's format; without them
            nobody is asked.
        data_centres_file: which networks are data centres'; empty: our own list.
    """

    mode: Mode = "production"
    database_url: str = ""
    secret_key: str = ""
    pii_keys: str = ""
    pii_pepper: str = ""
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = "https://api.stripe.com"
    smtp_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    company_name: str = ""
    company_address: str = ""
    company_country: str = ""
    company_vat_id: str = ""
    vat_rates: str = ""
    files_url: str = ""
    ip_country_file: str = ""
    ip_network_file: str = ""
    data_centres_file: str = ""
    max_upload_mib: int = 512
    pool_size: int = 10
    trusted_proxies: int = 0
    log_level: str = "INFO"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read the environment.

        Raises:
            MissingSettings: naming every variable that is needed and not set.
            WrongSetting: a number is none.
        """
        mode = env.get("FAIRLEAD_MODE", "production")
        if mode not in ("production", "demo", "test"):
            raise MissingSettings(["FAIRLEAD_MODE (production, demo or test)"])
        others = [each for each in fields(cls) if each.name != "mode" and env.get(each.name.upper())]
        given: dict[str, Any] = {each.name: _read(each, env[each.name.upper()]) for each in others}
        settings = cls(mode=cast("Mode", mode), **given)
        settings.require(*_NEEDED)
        return settings

    def require(self, *names: str) -> None:
        """Raise `MissingSettings` naming each of these attributes that is empty."""
        missing = [name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise MissingSettings(missing)

    def but(self, **changes: str | int) -> Self:
        """The same settings with some of them changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are checked at run time by the class

    @property
    def longest_body(self) -> int:
        """Of a request, in bytes: a file of leads, and the form around it."""
        return (self.max_upload_mib + 1) << 20

    @property
    def passkey_origin(self) -> str:
        """At which address passkeys work; empty where none can: browsers make none for a number, nor without TLS.

        The demo answers to `localhost` as well, which needs neither.
        """
        url = urlsplit(self.public_url)
        host = (url.hostname or "").encode("idna").decode()
        if self.mode == "demo" and _is_number(host):
            host = "localhost"
        if not host or _is_number(host) or (url.scheme != "https" and host != "localhost"):
            return ""
        port = f":{url.port}" if url.port and (url.scheme, url.port) not in _USUAL else ""
        return f"{url.scheme}://{host}{port}"

    @property
    def has_movable_clock(self) -> bool:
        """Only the demo and the tests may move the product's time."""
        return self.mode != "production"


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _read(setting: Field[Any], text: str) -> str | int:
    if setting.type is not int:
        return text
    if not text.strip().isdecimal():
        raise WrongSetting(setting.name.upper(), text)
    return int(text)
