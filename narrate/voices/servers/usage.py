"""How much was sent to each speech server, in this build and today, and whether more may be.

One file, which all processes of all builds of the user share, counts characters. It is changed
under a lock.
"""

from __future__ import annotations

import datetime
import json
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.files import read_bounded, write_whole
from narrate.errors import VoiceError
from narrate.voices.servers.server import NamedServer

_LARGEST_FILE = 1 << 20
_LOCK_SECONDS = 30.0
_MOST_BUILDS = 50
SETTING_HELP = "or raise `{}` of the server in your own settings"


def usage_path() -> Path:
    from platformdirs import user_data_path

    return user_data_path("narrate", appauthor=False) / "speech-servers.json"


@dataclass(frozen=True, slots=True)
class Usage:
    """The counts in one file. `build` is the process that builds, of which this one may be a
    worker."""

    path: Path
    build: str

    @classmethod
    def of_this_process(cls) -> Usage:
        parent = multiprocessing.parent_process()
        return cls(usage_path(), str(parent.pid if parent else os.getpid()))

    def begin_build(self, planned: Mapping[NamedServer, int]) -> None:
        """Begin to count for a build that wants to send so many characters to each server. Raises
        VoiceError if that is more than a server's limits allow."""
        if all(s.most_per_build is None and s.most_per_day is None for s in planned):
            return
        with self._changing() as counts:
            for server, characters in planned.items():
                self._require(server, characters, 0, counts)
            builds = counts["builds"]
            builds.pop(self.build, None)
            builds[self.build] = {}
            for old in list(builds)[:-_MOST_BUILDS]:
                del builds[old]

    def reserve(self, server: NamedServer, characters: int) -> None:
        """Count characters before they are sent. Raises VoiceError if they are too many."""
        if server.most_per_build is None and server.most_per_day is None:
            return
        with self._changing() as counts:
            own = counts["builds"].get(self.build, {})
            self._require(server, characters, own.get(server.name, 0), counts)
            _add(own, server.name, characters)
            _add(counts["today"], server.name, characters)

    def give_back(self, server: NamedServer, characters: int) -> None:
        """Take back what was reserved for a request that the server did not serve."""
        if server.most_per_build is None and server.most_per_day is None:
            return
        with self._changing() as counts:
            _add(counts["builds"].get(self.build, {}), server.name, -characters)
            _add(counts["today"], server.name, -characters)

    def read_today(self) -> Mapping[str, int]:
        """The characters that each server was sent today."""
        return dict(self._read()["today"])

    def _require(
        self, server: NamedServer, characters: int, sent: int, counts: Mapping[str, Any]
    ) -> None:
        """Raise VoiceError if so many more characters are too many, in a build that has sent `sent`
        of them."""
        most, total = server.most_per_build, sent + characters
        if most is not None and total > most:
            raise VoiceError(
                f"This build would send {total:,} characters to the speech server "
                f"{server.name!r}{server.price(total)}; the limit is {most:,} a build.",
                remedy="Build fewer lessons at once, "
                + SETTING_HELP.format("most_per_build")
                + ".",
            )
        most, total = server.most_per_day, counts["today"].get(server.name, 0) + characters
        if most is not None and total > most:
            raise VoiceError(
                f"The speech server {server.name!r} would be sent {total:,} characters today"
                f"{server.price(total)}; the limit is {most:,} a day.",
                remedy="Build the rest tomorrow, " + SETTING_HELP.format("most_per_day") + ".",
            )

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """The counts, written back if the block ends without an error."""
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS):
                counts = self._read()
                yield counts
                write_whole(self.path, json.dumps(counts).encode(), mode=0o600)
        except (OSError, Timeout) as error:
            raise VoiceError(
                f"What was sent to speech servers cannot be counted in {self.path}, so nothing is "
                f"sent ({getattr(error, 'strerror', None) or type(error).__name__}).",
                remedy="Make the file writable, or delete it to begin at 0.",
            ) from error

    def _read(self) -> dict[str, Any]:
        """The counts of today. A file that is damaged counts as none: it only limits its owner."""
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        empty: dict[str, Any] = {"day": today, "today": {}, "builds": {}}
        try:
            found = json.loads(read_bounded(self.path, _LARGEST_FILE))
            builds = {str(k): _numbers(v) for k, v in dict(found["builds"]).items()}
            counted = _numbers(found["today"]) if found["day"] == today else {}
        except (FileNotFoundError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return empty
        return {"day": today, "today": counted, "builds": builds}


def _numbers(counts: Any) -> dict[str, int]:
    return {str(name): max(int(count), 0) for name, count in dict(counts).items()}


def _add(counts: dict[str, int], name: str, characters: int) -> None:
    counts[name] = max(counts.get(name, 0) + characters, 0)
