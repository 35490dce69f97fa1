"""Calls code that is not ours: whatever it does, we get its result or a `PluginError` in time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from foundation.shortening import shorten
from narrate.errors import NarrateError, PluginError, UnreadableError
from narrate.voices.contract import CannotSayError

T = TypeVar("T")

LISTING_SECONDS = 30.0  # importing a plug-in, and its list of voices
OPENING_SECONDS = 600.0  # a large model from a slow disk
SPEAKING_SECONDS = 60.0  # and for each character:
SPEAKING_SECONDS_A_CHARACTER = 1.0  # ten times as slow as speech is
LONGEST_REASON = 200  # characters of what somebody else's code says


@dataclass(slots=True)
class Caller:
    """Calls one plug-in. `name` is what messages call it ("The voice plug-in 'parrot'"), and
    `remedy` what to do when it fails. What did not return in time is still at work in its thread,
    which cannot be stopped, so it is not called again."""

    name: str
    remedy: str
    _hung: list[str] = field(default_factory=list)

    def call(self, doing: str, function: Callable[[], T], seconds: float) -> T:
        """The function's result. `doing` completes the sentence "… failed while it was …".

        Raises UnreadableError if it says that it cannot say something, and PluginError if it
        raises anything else, or takes longer than so many seconds.
        """
        if self._hung:
            raise PluginError(
                f"{self.name} did not return while it was {self._hung[0]}, and is not asked again.",
                remedy=self.remedy,
            )
        result: list[T] = []
        raised: list[BaseException] = []

        def run() -> None:
            try:
                result.append(function())
            except BaseException as error:  # SystemExit too: a plug-in may not end the build
                raised.append(error)

        # A daemon: the program does not wait for it at its end.
        thread = threading.Thread(target=run, name=self.name, daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            self._hung.append(doing)
            raise PluginError(
                f"{self.name} did not return within {seconds:.0f} s while it was {doing}.",
                remedy=self.remedy,
            )
        if raised:
            self._explain(raised[0], doing)
        return result[0]

    def _explain(self, error: BaseException, doing: str) -> None:
        """Raise what a call raised as an error of ours."""
        if isinstance(error, NarrateError):
            raise error
        if isinstance(error, CannotSayError):
            raise UnreadableError(
                f"{self.name} says: {shorten(str(error.message), LONGEST_REASON)}",
                remedy=shorten(str(error.remedy), LONGEST_REASON) or self.remedy,
            ) from error
        line = " ".join(str(error).split())
        reason = f"{type(error).__name__}: {line}" if line else type(error).__name__
        reason = shorten(reason, LONGEST_REASON)
        raise PluginError(
            f"{self.name} failed while it was {doing} ({reason}).", remedy=self.remedy
        ) from error
