"""What goes over a network uses the proxy and the certificates that the environment names."""

from __future__ import annotations

import datetime
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "far.test"  # a name that nothing resolves, so only a proxy can reach it
LISTING = (
    b'<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
)
OPEN_MODEL = f"""
from narrate.models import open_address
with open_address("https://{HOST}/voice") as source:
    print(source.read().decode())
"""
LIST_STORE = """
from narrate.pipeline.store.object_calls import ObjectCalls
print(ObjectCalls("s3://bucket/prefix", patience=0.5).list("a"))
"""
FETCH_WHISPER = """
from narrate.models import fetch
fetch("whisper/tiny")
"""


class Origin(BaseHTTPRequestHandler):
    """What is behind the proxy."""

    def do_GET(self) -> None:
        body = b"a voice" if self.path == "/voice" else LISTING
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Proxy(ThreadingHTTPServer):
    """A proxy that leads to one place, whatever is asked for."""

    daemon_threads = True

    def __init__(self, origin: int) -> None:
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.origin = origin
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class ProxyHandler(BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.asked.append(self.path)
        if not self.path.startswith(HOST):
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        with (
            socket.create_connection(("127.0.0.1", self.server.origin)) as there,
            suppress(OSError),
        ):
            back = threading.Thread(target=_copy, args=(there, self.connection), daemon=True)
            back.start()
            _copy(self.connection, there)
            back.join(5)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


class Certificates:
    """An authority that nobody trusts unless told to, and what it says of the far host."""

    def __init__(self, folder: Path) -> None:
        self.authority, self.host = folder / "authority.pem", folder / "host.pem"
        key, name = ec.generate_private_key(ec.SECP256R1()), _name("An authority")
        own = _certify(name, name, key, key, x509.BasicConstraints(ca=True, path_length=None))
        self.authority.write_bytes(own)
        host_key, far = ec.generate_private_key(ec.SECP256R1()), x509.DNSName(HOST)
        names = x509.SubjectAlternativeName([far])
        secret = host_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.host.write_bytes(_certify(name, _name(HOST), key, host_key, names) + secret)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certify(
    by: x509.Name,
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    own: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> bytes:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    number = x509.random_serial_number()
    builder = x509.CertificateBuilder(by, name, own.public_key(), number, now - day, now + day)
    made = builder.add_extension(extension, critical=False).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def proxy(certificates: Certificates) -> Iterator[Proxy]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.host)
    origin = ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    origin.daemon_threads = True
    origin.socket = context.wrap_socket(origin.socket, server_side=True)
    proxy = Proxy(origin.server_port)
    for server in (origin, proxy):
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield proxy
    for server in (origin, proxy):
        server.shutdown()
        server.server_close()


def run(program: str, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program with no other settings of a network than these."""
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": f"https://{HOST}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        **variables,
    }
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, env=environment, cwd=root, timeout=100,
    )  # fmt: skip


WAYS = pytest.mark.parametrize(
    ("program", "found"),
    [pytest.param(OPEN_MODEL, "a voice", id="model"), pytest.param(LIST_STORE, "[]", id="store")],
)


@WAYS
def test_a_proxy_and_a_certificate_are_used(
    program: str, found: str, proxy: Proxy, certificates: Certificates, tmp_path: Path
) -> None:
    done = run(
        program, tmp_path, HTTPS_PROXY=proxy.address, SSL_CERT_FILE=str(certificates.authority)
    )
    assert done.stdout.strip() == found, done.stderr
    assert proxy.asked == [f"{HOST}:443"]


@WAYS
def test_hosts_of_no_proxy_are_reached_without_it(
    program: str, found: str, proxy: Proxy, certificates: Certificates, tmp_path: Path
) -> None:
    trusted, none = str(certificates.authority), f"else.test,{HOST}"
    done = run(program, tmp_path, HTTPS_PROXY=proxy.address, NO_PROXY=none, SSL_CERT_FILE=trusted)
    assert done.returncode and proxy.asked == []


@WAYS
def test_a_certificate_that_nobody_trusts_is_refused(
    program: str, found: str, proxy: Proxy, tmp_path: Path
) -> None:
    done = run(program, tmp_path, HTTPS_PROXY=proxy.address)
    assert done.returncode and proxy.asked and found not in done.stdout


def test_recognition_models_come_through_the_proxy(proxy: Proxy, tmp_path: Path) -> None:
    done = run(FETCH_WHISPER, tmp_path, HTTPS_PROXY=proxy.address)
    assert "ModelError" in done.stderr
    assert proxy.asked and all(asked.endswith(":443") for asked in proxy.asked)
