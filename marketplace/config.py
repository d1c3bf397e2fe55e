"""Settings: one typed, frozen object made from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, cast

Mode = Literal["production", "demo", "test"]

#: what production cannot run without: the attribute and the variable that gives it
_NEEDED = {
    "database_url": "DATABASE_URL",
    "secret_key": "SECRET_KEY",
    "pii_keys": "PII_KEYS",
    "pii_pepper": "PII_PEPPER",
    "stripe_secret_key": "STRIPE_SECRET_KEY",
    "stripe_webhook_secret": "STRIPE_WEBHOOK_SECRET",
    "smtp_url": "SMTP_URL",
    "mail_from": "MAIL_FROM",
    "public_url": "PUBLIC_URL",
    "company_name": "COMPANY_NAME",
    "company_address": "COMPANY_ADDRESS",
    "company_country": "COMPANY_COUNTRY",
    "files_url": "FILES_URL",
}


class MissingSettings(Exception):
    """The environment lacks something that the product cannot run without."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("Set these environment variables before starting: " + ", ".join(sorted(names)))


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
            MissingSettings: in production, naming every variable that is not set.
        """
        mode = env.get("FAIRLEAD_MODE", "production")
        if mode not in ("production", "demo", "test"):
            raise MissingSettings(["FAIRLEAD_MODE (production, demo or test)"])
        texts = {name: env.get(name.upper(), "") for name in _TEXTS}
        numbers = {name: int(env[name.upper()]) for name in _NUMBERS if env.get(name.upper())}
        given: dict[str, Any] = {**{name: text for name, text in texts.items() if text}, **numbers}
        settings = cls(mode=cast("Mode", mode), **given)
        settings.require(*_NEEDED)
        return settings

    def require(self, *names: str) -> None:
        """Raise `MissingSettings` naming each of these attributes that is empty."""
        missing = [_NEEDED.get(name, name.upper()) for name in names if not getattr(self, name)]
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
    def has_movable_clock(self) -> bool:
        """Only the demo and the tests may move the product's time."""
        return self.mode != "production"


_TEXTS = (
    *_NEEDED,
    "company_vat_id",
    "vat_rates",
    "stripe_api_base",
    "log_level",
    "ip_country_file",
    "ip_network_file",
    "data_centres_file",
)
_NUMBERS = ("max_upload_mib", "pool_size", "trusted_proxies")
