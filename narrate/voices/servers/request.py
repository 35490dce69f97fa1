"""One request to a speech server: a sentence in, the bytes of a sound file out.

Size and time are bounded, no redirection is followed, and the key is in no message. A server on
this machine is asked directly; for others, the environment's proxies are used.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import IO, Any

from foundation.shortening import shorten
from narrate.errors import VoiceError
from narrate.voices.servers.server import NamedServer, read_key, require_plain_address

MOST_BYTES = 64 << 20  # ten minutes of stereo at 48 kHz are 110 MB; no sentence takes one
MOST_ERROR_BYTES = 1 << 16
_BLOCK = 1 << 16
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class TransientError(Exception):
    """The server may answer if it is asked again, in `wait` seconds if it says so. `reason`
    completes "The speech server does not speak: …", and `billed` tells whether it may have done the
    work."""

    def __init__(self, reason: str, wait: float | None = None, *, billed: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.wait, self.billed = reason, wait, billed


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a sound, and the kind that the server says they are; empty if it does not."""

    content: bytes
    kind: str


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """A server that sends us elsewhere could send the text and the key anywhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post_sentence(server: NamedServer, sentence: dict[str, object]) -> Answer:
    """Ask the server once.

    Raises TransientError if it makes sense to ask again, and VoiceError if it does not.
    """
    require_plain_address(server)
    key = read_key(server)
    headers = {"Content-Type": "application/json", "Accept": "audio/*", "User-Agent": "narrate"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = json.dumps(sentence, ensure_ascii=False).encode()
    request = urllib.request.Request(server.address, data, headers, method="POST")
    timeout = server.settings.timeout
    until = time.monotonic() + timeout
    try:
        with _make_opener(server).open(request, timeout=timeout) as response:
            told = "Content-Type" in response.headers
            kind = response.headers.get_content_type() if told else ""
            return Answer(_read(response, until, server), kind)
    except urllib.error.HTTPError as error:
        with error:
            raise _explain_status(error, server, key) from None
    except urllib.error.URLError as error:
        raise _explain_failure(error.reason, server) from None
    except (OSError, http.client.HTTPException) as error:
        raise _explain_failure(error, server) from None


def _make_opener(server: NamedServer) -> urllib.request.OpenerDirector:
    proxies = urllib.request.ProxyHandler({} if server.is_here else None)
    return urllib.request.build_opener(proxies, _NoRedirection())


def _read(response: IO[bytes], until: float, server: NamedServer) -> bytes:
    """What the server sends, up to a size and a time."""
    blocks, size = [], 0
    while block := response.read1(_BLOCK):  # type: ignore[attr-defined]
        blocks.append(block)
        size += len(block)
        if size > MOST_BYTES:
            raise VoiceError(
                f"The speech server {server.name!r} sends more than {MOST_BYTES >> 20} MB for one "
                "sentence.",
                remedy="Set its `format` to mp3 or flac, or look at what the server sends.",
            )
        if time.monotonic() > until:
            raise TransientError(
                f"it did not end within {server.settings.timeout:g} s", billed=True
            )
    return b"".join(blocks)


def _explain_failure(reason: object, server: NamedServer) -> TransientError | VoiceError:
    """Why there was no answer. Certificates do not become right by asking again."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return VoiceError(
            f"The certificate of the speech server {server.name!r} is not valid "
            f"({reason.verify_message}).",
            remedy="Correct its address in your own settings, or name the authority that signed it "
            "in SSL_CERT_FILE.",
        )
    if isinstance(reason, TimeoutError):
        return TransientError(
            f"it did not answer within {server.settings.timeout:g} s", billed=True
        )
    if isinstance(reason, ConnectionRefusedError):
        return TransientError("nothing listens there")
    if isinstance(reason, socket.gaierror):
        return TransientError("its name is not known")
    if isinstance(reason, http.client.IncompleteRead):
        return TransientError("it broke off its answer", billed=True)
    text = getattr(reason, "strerror", None) or type(reason).__name__
    return TransientError(f"the connection failed: {shorten(str(text), 100)}", billed=True)


def _explain_status(
    error: urllib.error.HTTPError, server: NamedServer, key: str
) -> TransientError | VoiceError:
    status = error.code
    if status in _TRANSIENT:
        return TransientError(f"it answers {status}", _read_wait(error.headers.get("Retry-After")))
    if 300 <= status < 400:
        return VoiceError(
            f"The speech server {server.name!r} sends requests on to another address, which are "
            "not followed.",
            remedy="Write the address that answers itself in your own settings.",
        )
    if status in (401, 403):
        state = "is not accepted" if key else "is missing"
        return VoiceError(
            f"The speech server {server.name!r} refuses the request: its key {state} ({status}).",
            remedy=f"Put the server's key into the environment variable {server.key_name}.",
        )
    if status == 404:
        return VoiceError(
            f"The speech server {server.name!r} has nothing at /audio/speech (404).",
            remedy="Correct its `url` in your own settings; it usually ends in /v1. Some servers "
            "answer so if they do not know the `model`.",
        )
    told = _read_message(error, key)
    return VoiceError(
        f"The speech server {server.name!r} refuses the request ({status}{told}).",
        remedy="Check its `model`, `voices`, `format` and `speed` in your own settings.",
    )


def _read_message(error: urllib.error.HTTPError, key: str) -> str:
    """What the server says of an error, without the key if it repeats it."""
    try:
        content = json.loads(error.read(MOST_ERROR_BYTES))
        inner = content.get("error", content.get("detail", ""))
        if isinstance(inner, list):  # FastAPI's, one for each field
            inner = {"message": f"{inner[0]['loc'][-1]}: {inner[0]['msg']}"}
        text = str(inner.get("message", "") if isinstance(inner, dict) else inner)
    except (
        *(ValueError, LookupError, TypeError, AttributeError, RecursionError),
        *(OSError, http.client.HTTPException),
    ):
        return ""
    if key and _repeats(text, key):
        return ""
    text = " ".join(text.split())
    return f": {shorten(text, 200)}" if text else ""


def _repeats(text: str, key: str) -> bool:
    """Whether a text has a part of the key in it."""
    size = min(6, len(key))
    return any(key[at : at + size] in text for at in range(len(key) - size + 1))


def _read_wait(written: str | None) -> float | None:
    """The seconds of a Retry-After header, which may be a date; None without one."""
    if not written:
        return None
    try:
        return max(float(written), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(written).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
