"""A voice plug-in, or anything else that keeps its contract, as an engine of `narrate.speech`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from foundation.languages import normalize_tag
from foundation.shortening import brief, shorten
from narrate.errors import NarrateError, PluginError
from narrate.speech.base import (
    CAPABILITIES,
    Capability,
    Voice,
    VoiceInfo,
    pick_voice,
    require_ready,
)
from narrate.speech.model_files import describe_releases
from narrate.voices.calling import LISTING_SECONDS, OPENING_SECONDS, Caller
from narrate.voices.contract import VoiceDescription, VoicePlugin
from narrate.voices.contract_voice import ContractVoice, OpenPlugin

MOST_VOICES = 2_000
_TIMES = {"none": "recognition", "words": "words", "phones": "engine"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a plug-in comes from. `load` gives it; `release` is that of its package, for cache
    keys; `level_each` is that of `OpenPlugin`."""

    name: str
    release: str
    caller: Caller
    load: Callable[[], VoicePlugin]
    level_each: bool = False


class ContractEngine:
    """The engine. What a plug-in says of itself is asked once."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self._source = source
        self._plugin: VoicePlugin | None = None
        self._infos: list[VoiceInfo] | None = None
        self._own_version = ""

    def voices(self) -> list[VoiceInfo]:
        """Its voices. A plug-in that does not work has one, which says what is wrong."""
        try:
            return list(self._list())
        except NarrateError as error:
            return [
                VoiceInfo(
                    self.name, self.name, (), "unknown", 24_000, frozenset(), "recognition",
                    missing=error.remedy, problem=f"cannot be used: {error.message}",
                )
            ]  # fmt: skip

    def version(self, voice: str, language: str) -> str:
        return self._make_version(self._ready(voice, language), language)

    def open(self, voice: str, language: str) -> Voice:
        info = self._ready(voice, language)
        return _open(self, info, language, self._make_version(info, language))

    def open_afresh(self, info: VoiceInfo, language: str, version: str) -> Voice:
        """Load a voice, even if it is loaded already."""
        plugin, caller = self._load(), self._source.caller
        own = info.id.partition("/")[2]
        speak = caller.call(f"opening the voice {own!r}", lambda: plugin.open(own), OPENING_SECONDS)
        if not callable(speak):
            raise PluginError(
                f"{caller.name} opened {own!r} as {brief(speak)}, which cannot be called.",
                remedy=caller.remedy,
            )
        opened = OpenPlugin(speak, caller, self._source.level_each)
        return ContractVoice(info, version, language, opened)

    def _ready(self, voice: str, language: str) -> VoiceInfo:
        info = pick_voice(self._list(), self.name, voice, language)
        require_ready(info)
        return info

    def _make_version(self, info: VoiceInfo, language: str) -> str:
        packages = describe_releases("numpy", "scipy")
        return f"{info.id} {language}, {self._source.release}, {self._own_version}, {packages}"

    def _load(self) -> VoicePlugin:
        if self._plugin is None:
            caller = self._source.caller
            self._plugin = caller.call("loaded", self._source.load, LISTING_SECONDS)
        return self._plugin

    def _list(self) -> Sequence[VoiceInfo]:
        """Raises PluginError if the plug-in does not say what it has to say of itself."""
        if self._infos is None:
            plugin, caller = self._load(), self._source.caller
            version, described = caller.call(
                "listing its voices",
                lambda: (plugin.version, list(plugin.voices())[: MOST_VOICES + 1]),
                LISTING_SECONDS,
            )
            if not isinstance(version, str) or not version:
                raise PluginError(
                    f"{caller.name} has the version {brief(version)}, which is not text.",
                    remedy=caller.remedy,
                )
            infos = [self._describe(description) for description in described]
            if not infos or len(infos) > MOST_VOICES or len({i.id for i in infos}) < len(infos):
                raise PluginError(
                    f"{caller.name} must list its voices, each once, and at most {MOST_VOICES}.",
                    remedy=caller.remedy,
                )
            self._own_version, self._infos = version, infos
        return self._infos

    def _describe(self, voice: object) -> VoiceInfo:
        """What `narrate voices` shows of a voice. Raises PluginError if that cannot be."""
        caller = self._source.caller
        try:
            if not isinstance(voice, VoiceDescription):
                raise ValueError(f"{brief(voice)} is not a VoiceDescription")
            return VoiceInfo(
                id=f"{self.name}/{_check_name(voice.name)}",
                engine=self.name,
                languages=tuple(t if t == "*" else normalize_tag(t) for t in voice.languages),
                licence=shorten(voice.licence) or "unknown",
                sample_rate=int(voice.sample_rate),
                capabilities=_check_abilities(voice.abilities),
                times=_TIMES[voice.times],
                missing=shorten(voice.missing, 400),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise PluginError(
                f"{caller.name} describes a voice wrongly ({shorten(str(error), 200)}).",
                remedy=caller.remedy,
            ) from error


@lru_cache(maxsize=8)
def _open(engine: ContractEngine, info: VoiceInfo, language: str, version: str) -> Voice:
    return engine.open_afresh(info, language, version)


def _check_name(name: str) -> str:
    if not name or not name.isprintable() or any(map(str.isspace, name)) or len(name) > 100:
        raise ValueError(f"{brief(name)} is not a name")
    return name


def _check_abilities(abilities: object) -> frozenset[Capability]:
    named = frozenset(abilities) if isinstance(abilities, set | frozenset) else frozenset({"?"})
    if not named <= CAPABILITIES:
        raise ValueError(f"its abilities are {brief(sorted(map(str, named)))}")
    return frozenset(c for c in CAPABILITIES if c in named)
