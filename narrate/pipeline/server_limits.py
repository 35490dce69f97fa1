"""Refuses a build that would send more to speech servers than the user allows, before it begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lessons.course.voice_map import VoiceMap
from narrate.pipeline.step import Task
from narrate.pipeline.steps.speech import STEP, SpeechSettings


def count_sent(tasks: Iterable[Task]) -> Counter[str]:
    """The characters that these tasks send to each speech server, by its name."""
    found: Counter[str] = Counter()
    speaking = {task.id: task for task in tasks if task.step == STEP.module}
    if not speaking:
        return found
    from narrate.voices.servers.estimate import count_characters

    for task in speaking.values():
        settings: SpeechSettings = task.settings
        voices = VoiceMap(settings.voice, settings.language, dict(settings.voices))
        found += count_characters(settings.slide.value.utterances, voices)
    return found


def begin_sending(tasks: Iterable[Task]) -> None:
    """Begin to count what a build sends. Raises VoiceError, before anything is sent, if these tasks
    would send more than the user's settings allow, and SettingsError if they cannot be read."""
    sent = count_sent(tasks)
    if not sent:
        return
    from narrate.voices.servers.engine import read_servers
    from narrate.voices.servers.usage import Usage

    servers = read_servers()
    usual = next(iter(servers), "")
    planned: Counter[str] = Counter()
    for name, characters in sent.items():
        planned[name or usual] += characters
    known = {servers[name]: count for name, count in planned.items() if name in servers}
    Usage.of_this_process().begin_build(known)
