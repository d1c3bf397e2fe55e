"""Letters over a real socket: a mail server in a thread that notes what it is told and whether TLS was on."""

import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketplace.kit.mail import Bounced, Letter, Smtp, Undelivered, Unsendable

LETTER = Letter("k1", "dana@example.com", "Grüße", "Text", "<p>Text</p>")
SENDER = "Fairlead <hello@fairlead.test>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that vouches for itself: -> its file, the key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return path


class Talk(socketserver.StreamRequestHandler):
    """Just enough of SMTP; `server.heard` holds (TLS was on, command)."""

    def handle(self):
        self.is_safe, self.stream, self.lines = False, self.request, self.rfile
        if self.server.tls and not self.server.offers:
            self.protect()
        self.files()
        self.say("220 ready")
        while line := self.lines.readline().strip().decode():
            self.server.heard.append((self.is_safe, line))
            if not self.answer(line.split()[0].upper()):
                return

    def finish(self):
        super().finish()
        self.lines.close()
        self.stream.close()

    def protect(self):
        self.stream, self.is_safe = self.server.tls.wrap_socket(self.stream, server_side=True), True

    def files(self):
        self.lines = self.stream.makefile("rb")

    def say(self, text):
        self.stream.sendall(f"{text}\r\n".encode())

    def answer(self, command):
        if command == "EHLO":
            self.say(
                "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN" if self.server.offers else "250-here\r\n250 AUTH PLAIN"
            )
        elif command == "STARTTLS":
            self.say("220 go")
            self.protect()
            self.files()
        elif command == "DATA":
            self.say("354 go")
            while (line := self.lines.readline()) not in (b".\r\n", b""):
                self.server.letters.append(line)
            self.say("250 kept")
        elif command == "QUIT":
            self.say("221 bye")
            return False
        elif command == "RCPT":
            self.say(self.server.says)
        else:
            self.say("235 welcome" if command == "AUTH" else "250 fine")
        return True


class Quiet(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is what some tests are about."""


@contextmanager
def serving(certificate=None, *, offers=True):
    """certificate: none is a server without TLS. offers: STARTTLS; otherwise TLS is on from the start."""
    with Quiet(("127.0.0.1", 0), Talk) as server:
        server.says = "250 fine"
        server.heard, server.letters, server.tls, server.offers = [], [], None, bool(certificate) and offers
        if certificate:
            server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            server.tls.load_cert_chain(certificate)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def smtp(server, scheme="smtp", user="me:pa%40ss@"):
    return Smtp(f"{scheme}://{user}127.0.0.1:{server.server_address[1]}", SENDER)


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def commands(server, *, safe):
    return [line.split()[0].upper() for is_safe, line in server.heard if is_safe is safe]


def test_password_and_letter_go_over_tls_only(trusted):
    with serving(trusted) as server:
        smtp(server).send(LETTER)
    assert commands(server, safe=False) == ["EHLO", "STARTTLS"]
    assert commands(server, safe=True) == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_tls_from_the_start(trusted):
    with serving(trusted, offers=False) as server:
        smtp(server, "smtps").send(LETTER)
    assert "DATA" in commands(server, safe=True)
    assert commands(server, safe=False) == []


@pytest.mark.parametrize(("scheme", "offers"), [("smtp", True), ("smtps", False)])
def test_a_server_that_nobody_vouches_for_gets_nothing(certificate, scheme, offers):
    with serving(certificate, offers=offers) as server, pytest.raises(Undelivered):
        smtp(server, scheme).send(LETTER)
    assert "AUTH" not in str(server.heard)
    assert server.letters == []


def test_a_password_is_never_said_without_tls():
    with serving() as server, pytest.raises(Undelivered, match="TLS"):
        smtp(server).send(LETTER)
    assert "AUTH" not in commands(server, safe=False)


def test_a_relay_without_a_password_may_do_without_tls():
    with serving() as server:
        smtp(server, user="").send(LETTER)
    assert server.letters


@pytest.mark.parametrize(
    ("says", "refusal"),
    [
        ("550 5.1.1 no such user", Bounced),
        ("553 5.1.2 no such domain", Bounced),
        ("550 5.7.1 we do not like you", Undelivered),
        ("450 4.2.1 come again", Undelivered),
        ("550 go away", Undelivered),
    ],
)
def test_only_an_address_that_is_gone_for_good_bounces(says, refusal):
    with serving() as server:
        server.says = says
        with pytest.raises(refusal) as caught:
            smtp(server, user="").send(LETTER)
    assert type(caught.value) is refusal
    assert LETTER.to not in str(caught.value)


def test_each_scheme_has_its_own_port():
    assert [Smtp(f"{scheme}://mail.test", SENDER).port for scheme in ("smtp", "smtps")] == [587, 465]
    assert Smtp("smtps://mail.test:2465", SENDER).port == 2465


def test_a_domain_in_other_letters_is_sent_in_ascii():
    with serving() as server:
        smtp(server, user="").send(Letter("k2", "dana@straße.example", "Hello", "Text", "<p>Text</p>"))
    (told,) = [line for _safe, line in server.heard if line.upper().startswith("RCPT")]
    assert "dana@xn--strae-oqa.example" in told
    assert b"To: dana@xn--strae-oqa.example\r\n" in server.letters


@pytest.mark.parametrize(
    "to", ["dana@" + "ü" * 70 + ".example", "dana@exa\nmple.com", "no address", "d\udcffa@example.com"]
)
def test_a_letter_that_cannot_be_written_says_so(to):
    with serving() as server, pytest.raises(Unsendable):
        smtp(server, user="").send(Letter("k3", to, "Hello", "Text", "<p>Text</p>"))
    assert server.heard == []
