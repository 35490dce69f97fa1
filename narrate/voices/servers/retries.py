"""Asks a speech server again when that may help, a little later each time."""

from __future__ import annotations

from time import sleep

from narrate.errors import VoiceError
from narrate.voices.servers.request import Answer, TransientError, post_sentence
from narrate.voices.servers.server import NamedServer
from narrate.voices.servers.usage import Usage

WAITS = (1.0, 3.0, 9.0)  # seconds before the second request, the third and the fourth
LONGEST_WAIT = 60.0  # a server that asks for more is out of quota rather than busy


def ask(server: NamedServer, sentence: dict[str, object], characters: int, usage: Usage) -> Answer:
    """The server's answer. Every request that it may be paid for counts against the limits. Raises
    VoiceError."""
    for wait in (*WAITS, None):
        usage.reserve(server, characters)
        try:
            return post_sentence(server, sentence)
        except TransientError as error:
            if not error.billed:
                usage.give_back(server, characters)
            if wait is None:
                reason = f"{error.reason}, {len(WAITS) + 1} times"
                break
            asked = wait if error.wait is None else max(error.wait, 0.0)
            if asked > LONGEST_WAIT:
                reason = f"{error.reason} and wants to be asked again in {asked:.0f} s"
                break
            sleep(asked)
        except VoiceError:
            usage.give_back(server, characters)
            raise
    raise VoiceError(
        f"The speech server {server.name!r} at {server.host} does not speak: {reason}.",
        remedy="Start it, or check its address and your connection; what was spoken is kept, so "
        "build again later.",
    )
