"""The settings of a demo: made once for its folder and kept there, so that it starts again as it was."""

import base64
import json
import os
import secrets
import socket
from pathlib import Path
from typing import Any

from marketplace.config import MissingSettings, Settings
from marketplace.kit.embedded_postgres import EmbeddedPostgres

_FILE = "demo.json"
#: given by the environment here as well: such files are too big to come with the product
_IP_FILES = ("ip_country_file", "ip_network_file", "data_centres_file")


def prepare(folder: Path, port: int) -> Settings:
    """Make or renew the folder's settings for a demo on this port.

    The secrets stay; the emulator's port stays as long as nobody else has taken it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = _read(folder) or _secrets()
    kept["port"] = port
    if not is_free(kept.get("stripe_port") or 0):
        kept["stripe_port"] = _free_port(but=port)
    path = folder / _FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept, indent=2))
    return settings_of(folder)


def settings_of(folder: Path) -> Settings:
    """The settings of the demo in this folder.

    Raises:
        MissingSettings: there has been no demo in it.
    """
    kept = _read(folder)
    if kept is None:
        raise MissingSettings([f"FAIRLEAD_DATA_DIR (no demo was started in {folder} yet)"])
    found = Settings(
        mode="demo",
        database_url=EmbeddedPostgres(folder).url,
        secret_key=kept["secret_key"],
        pii_keys=kept["pii_keys"],
        pii_pepper=kept["pii_pepper"],
        stripe_secret_key=kept["stripe_secret_key"],
        stripe_webhook_secret=kept["stripe_webhook_secret"],
        stripe_api_base=f"http://127.0.0.1:{kept['stripe_port']}",
        mail_from="Fairlead <hello@fairlead.test>",
        public_url=f"http://127.0.0.1:{kept['port']}",
        company_name="Fairlead Exchange Ltd (demo)",
        company_address="1 Harbour Row, Dublin D01 X2P2",
        company_country="IE",
        files_url=(folder / "files").resolve().as_uri(),
        log_level=os.environ.get("LOG_LEVEL", "INFO"),
    )
    return found.but(**{name: os.environ.get(name.upper(), "") for name in _IP_FILES})


def stripe_port(folder: Path) -> int:
    """Where the emulator of this folder answers."""
    kept = _read(folder) or {}
    return int(kept["stripe_port"])


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / _FILE
    return json.loads(path.read_text()) if path.exists() else None


def _secrets() -> dict[str, Any]:
    return {
        "secret_key": secrets.token_urlsafe(32),
        "pii_keys": "demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "pii_pepper": secrets.token_urlsafe(32),
        "stripe_secret_key": "sk_test_" + secrets.token_hex(12),
        "stripe_webhook_secret": "whsec_" + secrets.token_hex(16),
    }


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of this machine; 0 is no port."""
    if not port:
        return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port(but: int) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port != but:
            return port
