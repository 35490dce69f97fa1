"""The engine `server`: the voices of the user's speech servers. `narrate.speech` finds this module
by its name.

A voice is `server/NAME/VOICE`, or `server/NAME` for the first one. Servers are a voice plug-in as
any other, so their sound is checked, levelled and timed in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from foundation.near_words import find_near
from lessons.course.settings import SpeechServer
from narrate.errors import SettingsError, VoiceError
from narrate.speech.base import SERVERS, Voice, VoiceInfo
from narrate.user_settings import read_user_settings, user_settings_path
from narrate.voices.calling import Caller
from narrate.voices.contract import Ability, Said, Say, Speak, VoiceDescription
from narrate.voices.contract_engine import ContractEngine, Source
from narrate.voices.servers.retries import ask
from narrate.voices.servers.server import NamedServer, require_plain_address
from narrate.voices.servers.sound import PCM_RATE, decode
from narrate.voices.servers.usage import Usage

SLOWEST, FASTEST = 0.25, 4.0  # OpenAI's limits of `speed`
# What is sent and how the answer is read: change it when the same request would give another sound.
PROTOCOL = "1"


class ServerEngine:
    """The engine of all servers. Lists and versions voices without asking a server."""

    name = SERVERS

    def voices(self) -> list[VoiceInfo]:
        try:
            servers = read_servers()
        except SettingsError as error:
            problem = f"cannot be used: {error.message}"
            return [
                VoiceInfo(SERVERS, SERVERS, (), "unknown", PCM_RATE, missing=error.remedy,
                          problem=problem, times="recognition")
            ]  # fmt: skip
        return [info for server in servers.values() for info in _open_server(server).voices()]

    def version(self, voice: str, language: str) -> str:
        return self._find(voice).version(voice, language)

    def open(self, voice: str, language: str) -> Voice:
        return self._find(voice).open(voice, language)

    def _find(self, voice: str) -> ContractEngine:
        """The engine with the voices of one server. Raises VoiceError and SettingsError."""
        servers = read_servers()
        name = voice.partition("/")[0] or next(iter(servers), "")
        if name not in servers:
            near = find_near(name, servers)
            known = ", ".join(servers)
            raise VoiceError(
                f"Your settings name no speech server {name!r}."
                if name
                else "Your settings name no speech server.",
                remedy=(f"Did you mean {near!r}? " if near else "")
                + (f"They name {known}. " if known else "")
                + f"Add it under `speech_servers` in {user_settings_path()}, or choose another "
                "voice.",
            )
        return _open_server(servers[name])


def open_engine() -> ServerEngine:
    return ServerEngine()


def read_servers() -> dict[str, NamedServer]:
    """The servers of the user's own settings, by their names. Raises SettingsError."""
    found: Mapping[str, SpeechServer] = read_user_settings().speech_servers
    return {name: NamedServer(name, settings) for name, settings in found.items()}


@lru_cache
def _open_server(server: NamedServer) -> ContractEngine:
    plugin = _ServerPlugin(server)
    caller = Caller(
        f"The speech server {server.name!r}",
        "Look at what the server itself reports, or choose another voice.",
    )
    source = Source(SERVERS, f"server {PROTOCOL}", caller, lambda: plugin, level_each=True)
    return ContractEngine(source)


class _ServerPlugin:
    """One server as a voice plug-in; its voices are NAME/VOICE."""

    def __init__(self, server: NamedServer) -> None:
        self._server = server

    @property
    def version(self) -> str:
        """Neither the address nor the key decides how a voice sounds."""
        settings = self._server.settings
        return f"{settings.model}, {settings.format}, version {settings.version or 'none'}"

    def voices(self) -> list[VoiceDescription]:
        settings = self._server.settings
        abilities: frozenset[Ability] = frozenset({"rate"} if settings.speed else ())
        return [
            VoiceDescription(
                f"{self._server.name}/{voice}",
                settings.languages or ("*",),
                "the server's own",
                PCM_RATE,
                abilities,
            )
            for voice in settings.voices
        ]

    def open(self, voice: str) -> Speak:
        require_plain_address(self._server)
        own = voice.partition("/")[2]
        usage = Usage.of_this_process()

        def speak(say: Say) -> Said:
            sentence: dict[str, object] = {
                "model": self._server.settings.model,
                "input": say.text,
                "voice": own,
                "response_format": self._server.settings.format,
            }
            if say.rate != 1.0:
                sentence["speed"] = round(min(max(say.rate, SLOWEST), FASTEST), 3)
            answer = ask(self._server, sentence, len(say.text), usage)
            samples, rate = decode(answer, self._server, len(say.text))
            return Said(samples, rate)

        return speak
