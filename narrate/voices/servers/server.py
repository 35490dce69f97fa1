"""A speech server as the user's settings describe it, with its key from the environment."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lessons.course.settings import SpeechServer
from narrate.errors import VoiceError

MOST_PER_BUILD, MOST_PER_DAY = 100_000, 500_000
"""Characters, where the settings give no limits and the server is not on this machine. An hour of
lecture has about 55,000 characters."""
_KEY = "NARRATE_SPEECH_KEY_"


@dataclass(frozen=True, slots=True)
class NamedServer:
    """A server and the name that the user gave it."""

    name: str
    settings: SpeechServer

    @property
    def address(self) -> str:
        """Where sentences are sent."""
        return f"{self.settings.url}/audio/speech"

    @property
    def host(self) -> str:
        """The host and the port, for messages: an address may hold secrets."""
        return urlsplit(self.settings.url).netloc.rpartition("@")[2]

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, by its address alone: names are not looked up."""
        host = urlsplit(self.settings.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    @property
    def key_name(self) -> str:
        """The environment variable in which its key is."""
        return _KEY + self.name.upper().replace("-", "_")

    @property
    def most_per_build(self) -> int | None:
        """The most characters that one build may send; None for any number."""
        return self._choose_limit(self.settings.most_per_build, MOST_PER_BUILD)

    @property
    def most_per_day(self) -> int | None:
        return self._choose_limit(self.settings.most_per_day, MOST_PER_DAY)

    def _choose_limit(self, asked: int | None, usual: int) -> int | None:
        if asked is not None:
            return asked
        return None if self.is_here else usual

    def price(self, characters: int) -> str:
        """What so many characters cost, as part of a sentence; empty if that is not known."""
        if not self.settings.price:
            return ""
        return f", which cost {characters * self.settings.price / 1e6:.2f}"


def read_key(server: NamedServer) -> str:
    """The server's key; empty if it has none. Raises VoiceError where a key must not be sent."""
    key = os.environ.get(server.key_name, "").strip()
    if not key.isascii() or re.search(r"\s", key):
        raise VoiceError(
            f"The key in {server.key_name} is no key: it has spaces or letters that no key has.",
            remedy="Copy the server's key again, or remove the variable.",
        )
    if key and not server.is_here and urlsplit(server.settings.url).scheme != "https":
        raise VoiceError(
            f"The speech server {server.name!r} would get its key over a connection that everybody "
            "can read.",
            remedy=f"Give it an address with https in your own settings, or remove "
            f"{server.key_name} if it needs no key.",
        )
    return key


def require_plain_address(server: NamedServer) -> None:
    """Raise VoiceError if the address holds a name and a password, or cannot be one."""
    parts = urlsplit(server.settings.url)
    try:
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if "@" in parts.netloc or not usable:
        problem = "holds a name or a password" if "@" in parts.netloc else "names no host"
        raise VoiceError(
            f"The address of the speech server {server.name!r} {problem}.",
            remedy="Write it as https://host/v1 in your own settings; a key belongs into the "
            f"environment variable {server.key_name}.",
        )
