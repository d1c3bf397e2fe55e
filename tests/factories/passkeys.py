"""Devices that make passkeys and sign with them, as a browser passes it on."""

import hashlib
import html
import json
import re
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.people.models import Passkey
from tests.factories.pages import Reader, Shown
from tests.factories.people import PASSWORD, Person

ORIGIN = "http://localhost"
PRESENT, VERIFIED, MADE = 1, 4, 64
_ID = b"a key of a device "


class Device:
    """It has one passkey, made for whoever asked for it last. `count` is what it says how often it has signed."""

    def __init__(self, number: int = 0) -> None:
        self.credential_id = _ID + bytes([number])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.handle = ""
        self.count = 0

    def make(self, asked: dict[str, Any], *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> str:
        self.handle = asked["user"]["id"]
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        key = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(public)
        data = self._data(asked["rp"]["id"], flags | MADE) + key
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        said = _client_data("webauthn.create", asked, origin)
        return self._answer(clientDataJSON=said, attestationObject=attested)

    def sign(
        self, asked: dict[str, Any], *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED, handle: str = ""
    ) -> str:
        self.count += 1
        data, said = self._data(asked["rpId"], flags), _client_data("webauthn.get", asked, origin)
        signature = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        of = base64url_to_bytes(handle or self.handle)
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature, userHandle=of)

    def _data(self, domain: str, flags: int) -> bytes:
        return hashlib.sha256(domain.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: bytes) -> str:
        own = bytes_to_base64url(self.credential_id)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": told})


def _client_data(kind: str, asked: dict[str, Any], origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": origin}).encode()


def asked_to_make(reader: Reader, **form: str) -> dict[str, Any]:
    """What the second page has the browser make."""
    page = reader.post("/account/passkeys/challenge", **{"name": "Laptop", "current": PASSWORD, **form})
    return options_on(page)


def options_on(page: Shown) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]+)"', page.text)
    assert found, page.words
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


def asked_to_sign(reader: Reader) -> dict[str, Any]:
    """What the script of the sign-in page is told."""
    told: dict[str, Any] = json.loads(reader.post("/sign-in/passkey/challenge").text)
    return told


def add_passkey(reader: Reader, device: Device, name: str = "Laptop", **form: str) -> Shown:
    answer = device.make(asked_to_make(reader, name=name, **form))
    return reader.post("/account/passkeys", name=name, credential=answer)


def sign_in(reader: Reader, device: Device, **form: str) -> Shown:
    return reader.post("/sign-in/passkey", credential=device.sign(asked_to_sign(reader)), **form)


def keep_passkey(person: Person, number: int = 0) -> UUID:
    """A passkey of somebody's, of which nobody has the other half: -> its id."""
    with transaction():
        row = Passkey(
            user_id=person.who.user_id,
            name="Laptop",
            credential_id=person.who.user_id.bytes + bytes([number]),
            public_key=b"",
            sign_count=0,
            created_at=clock.now(),
        )
        session().add(row)
        session().flush()
        return row.id
