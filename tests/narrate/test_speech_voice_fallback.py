"""What speaks where the voice that is asked for cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.reading import read_course
from lessons.course.settings import Settings
from lessons.model import Finding, Lesson
from narrate import speech
from narrate.errors import PluginError, VoiceError
from narrate.speech.base import CAPABILITIES, Voice, VoiceInfo, pick_voice, require_ready
from narrate.speech.silent import SilentEngine, SilentVoice
from narrate.speech.voice_fallback import VoiceFallback

GERMAN = "Das Licht, das in das Auge fällt, wird von der Hornhaut und von der Linse gebrochen."


class Engine:
    """An engine with voices for some languages, each of which may be missing."""

    def __init__(self, name: str, *languages: str, missing: str = "", able: bool = True) -> None:
        self.name = name
        self._infos = [
            VoiceInfo(
                f"{name}/{tag.lower()}", name, (tag,), "MIT", 24_000,
                CAPABILITIES if able else frozenset(), missing=missing,
            )
            for tag in languages
        ]  # fmt: skip

    def voices(self) -> list[VoiceInfo]:
        return self._infos

    def version(self, voice: str, language: str) -> str:
        require_ready(pick_voice(self._infos, self.name, voice, language))
        return "1"

    def open(self, voice: str, language: str) -> Voice:
        return SilentVoice()


def read(tmp_path: Path, text: str, course: str = "title: x\n") -> Lesson:
    (tmp_path / "course.yaml").write_text(course)
    (tmp_path / "a.md").write_text(text)
    return read_course(tmp_path)[0].lessons[0]


def settle(
    lesson: Lesson, *engines: Engine | SilentEngine
) -> tuple[Lesson, Settings, list[Finding]]:
    known = {engine.name: engine for engine in (*engines, SilentEngine())}

    def engine_of(name: str) -> Engine | SilentEngine:
        if name not in known:
            raise VoiceError(f"There is no voice engine '{name}'.", remedy="Choose another.")
        return known[name]

    fallback = VoiceFallback(tuple(known), engine_of)
    settled, settings = fallback.settle(lesson, lesson.settings)
    return settled, settings, fallback.findings


ENGLISH = Engine("hibari", "en-US")


def test_where_a_voice_speaks_the_language_nothing_changes(tmp_path: Path) -> None:
    lesson = read(tmp_path, "# One\n\nLight is bent by the lens.\n")
    settled, settings, findings = settle(lesson, ENGLISH)
    assert settled is lesson and settings is lesson.settings and findings == []


def test_a_language_that_no_voice_speaks_is_silent(tmp_path: Path) -> None:
    lesson = read(tmp_path, f"---\nlanguage: de-DE\n---\n# Linse\n\n{GERMAN}\n")
    _, settings, (finding,) = settle(lesson, ENGLISH)
    assert settings.voice == "silent"
    assert (finding.rule, finding.severity) == ("voice-missing", "warning")
    assert finding.message == (
        "There is no voice here for German (de-DE). So it is not spoken; its captions are shown as "
        "long as it takes to read them."
    )
    assert "voices: {de-DE: …}" in finding.remedy
    assert finding.place.path == "a.md"


def test_a_voice_that_could_be_installed_is_named(tmp_path: Path) -> None:
    lesson = read(tmp_path, f"---\nlanguage: de\n---\n# Linse\n\n{GERMAN}\n")
    _, settings, (finding,) = settle(lesson, ENGLISH, Engine("espeak", "de", missing="Install it"))
    assert settings.voice == "silent"
    assert finding.remedy == "Install it"
    better = Engine("later", "de", missing="Fetch it")
    _, _, (finding,) = settle(lesson, ENGLISH, Engine("espeak", "de", missing="x"), better)
    assert finding.remedy == "Fetch it"  # espeak-ng is the last resort


def test_the_best_voice_that_is_here_speaks_the_language(tmp_path: Path) -> None:
    lesson = read(tmp_path, f"---\nlanguage: de\n---\n# Linse\n\n{GERMAN}\n")
    engines = (ENGLISH, Engine("far", "de", missing="x"), Engine("first", "de"), Engine("b", "de"))
    _, settings, findings = settle(lesson, *engines)
    assert settings.voice == "first/de" and findings == []


def test_a_better_voice_than_the_last_resort_is_named(tmp_path: Path) -> None:
    lesson = read(tmp_path, f"---\nlanguage: de\n---\n# Linse\n\n{GERMAN}\n")
    far = Engine("far", "de-DE", missing="Fetch it")
    _, settings, (finding,) = settle(lesson, ENGLISH, far, Engine("espeak", "de"))
    assert settings.voice == "espeak/de" and finding.severity == "note"
    assert finding.message == (
        "The voice 'espeak/de' reads German (de). 'far/de-de' speaks it better."
    )
    assert finding.remedy == "`narrate voices --language de` lists all. Fetch it"
    _, _, findings = settle(lesson, ENGLISH, Engine("espeak", "de"))
    assert findings == []  # nothing is better


def test_a_voice_of_another_region_is_better_than_none(tmp_path: Path) -> None:
    lesson = read(tmp_path, "---\nlanguage: en-GB\n---\n# One\n\nLight is bent.\n")
    _, settings, (finding,) = settle(lesson, ENGLISH)
    assert settings.voice == "hibari" and finding.severity == "note"
    assert finding.message == "The voice 'hibari/en-us' speaks en-US and reads en-GB."
    _, settings, _ = settle(lesson, ENGLISH, Engine("british", "en-GB"))
    assert settings.voice == "hibari"  # it is what the settings say
    far = Engine("hibari", "en-GB", missing="Fetch it")
    _, settings, findings = settle(lesson, far, Engine("us", "en-US"), Engine("gb", "en-GB"))
    assert settings.voice == "gb/en-gb" and findings == []


def test_a_voice_in_the_front_matter_that_does_not_exist_is_not_fatal(tmp_path: Path) -> None:
    lesson = read(tmp_path, "---\nvoice: Alice\n---\n# One\n\nLight is bent by the lens.\n")
    _, settings, (finding,) = settle(lesson, ENGLISH)
    assert settings.voice == "hibari/en-us"
    assert "no voice engine 'Alice'" in finding.message
    assert (finding.place.path, finding.place.line) == ("a.md", 2)


@pytest.mark.parametrize("voice", ["nothere", "hibari/nobody", "far"])
def test_a_voice_that_course_yaml_names_is_not_replaced(tmp_path: Path, voice: str) -> None:
    lesson = read(tmp_path, "# One\n\nLight is bent.\n", f"title: x\nvoice: {voice}\n")
    _, settings, findings = settle(lesson, ENGLISH, Engine("far", "en-US", missing="Install it"))
    assert settings.voice == voice and findings == []  # the plan refuses it


@pytest.mark.parametrize("voice", ["nothere/x", "hibari/nobody", "far/de"])
def test_a_voice_for_another_language_that_cannot_be_used_stops_nothing(
    tmp_path: Path, voice: str
) -> None:
    text = '# One\n\nHe said <lang xml:lang="de">guten Tag</lang> to us.\n'
    lesson = read(tmp_path, text, f"title: x\nvoices: {{de: {voice}}}\n")
    far = Engine("far", "de", missing="Install it")
    _, settings, (finding,) = settle(lesson, ENGLISH, far, Engine("german", "de"))
    assert dict(settings.voices) == {"de": "german/de"}
    assert finding.message.endswith("The voice 'german/de' reads German (de).")
    assert (finding.place.path, finding.place.line) == ("course.yaml", 2)
    _, settings, (finding,) = settle(lesson, ENGLISH, far)
    assert dict(settings.voices) == {"de": "silent"}
    assert finding.message.endswith("So its words are in the captions, and are not spoken.")


def test_an_engine_that_does_not_exist_is_told_of_even_if_nothing_asks_for_it(
    tmp_path: Path,
) -> None:
    course = "title: x\nvoices: {de: nothere, fr: hibari}\n"
    lesson = read(tmp_path, "# One\n\nLight is bent.\n", course)
    _, _, (finding,) = settle(lesson, ENGLISH)
    assert finding.message == "There is no voice engine 'nothere'."
    assert (finding.place.path, finding.place.line) == ("course.yaml", 2)


class Broken(Engine):
    """A plug-in that does not load."""

    def version(self, voice: str, language: str) -> str:
        raise PluginError("The voice plug-in 'broken' failed while it was loaded.", remedy="Mend.")


@pytest.mark.parametrize(
    "course", ["voice: broken", "voices: {de: broken}", "voices: {en-US: broken}"]
)
def test_a_plugin_that_does_not_work_stops_nothing(tmp_path: Path, course: str) -> None:
    text = '# One\n\nHe said <lang xml:lang="de">guten Tag</lang> to us.\n'
    lesson = read(tmp_path, text, f"title: x\n{course}\n")
    _, settings, findings = settle(lesson, Broken("broken"), ENGLISH, Engine("german", "de"))
    assert settings.voice.startswith("hibari")
    assert settings.voices.get("de", "german/de") == "german/de"
    assert any("'broken' failed" in f.message and f.remedy == "Mend." for f in findings)
    assert all(f.place.path == "course.yaml" for f in findings)


def test_a_voice_of_course_yaml_does_not_silence_a_lesson_in_another_language(
    tmp_path: Path,
) -> None:
    text = f"---\nlanguage: de\n---\n# Linse\n\n{GERMAN}\n"
    lesson = read(tmp_path, text, "title: x\nvoice: hibari\n")
    _, settings, findings = settle(lesson, ENGLISH, Engine("german", "de"))
    assert settings.voice == "german/de" and len(findings) == 1


def test_a_voice_in_a_note_that_does_not_exist_costs_the_voice_only(tmp_path: Path) -> None:
    text = "# One\n\nLight is bent.\n\n<!-- say(voice=en-US-Zira): Hello there. -->\n"
    lesson = read(tmp_path, text + "\n<!-- say(voice=en-US-Zira): Hello again. -->\n")
    if not any(u.voice for s in lesson.slides for u in s.utterances):
        pytest.skip("a note cannot name a voice so")
    settled, _, (finding,) = settle(lesson, ENGLISH)
    assert not any(u.voice for s in settled.slides for u in s.utterances)
    assert "The lesson's own voice reads this note." in finding.message


def test_words_in_another_language_have_a_voice_of_their_own(tmp_path: Path) -> None:
    lesson = read(tmp_path, '# One\n\nHe said <lang xml:lang="de">guten Tag</lang> to us.\n')
    _, settings, (finding,) = settle(lesson, ENGLISH)
    assert (settings.voice, dict(settings.voices)) == ("hibari", {"de": "silent"})
    assert finding.message.endswith("So its words are in the captions, and are not spoken.")
    _, settings, findings = settle(lesson, ENGLISH, Engine("german", "de"))
    assert dict(settings.voices) == {"de": "german/de"} and findings == []


def test_who_speaks_a_lesson_does_not_say_who_speaks_its_foreign_words(tmp_path: Path) -> None:
    text = "---\nlanguage: es\n---\n# x\n\nLa palabra 中文 es china.\n"
    lesson = read(tmp_path, text)
    engines = (ENGLISH, Engine("a", "es"), Engine("b", "zh"))
    _, settings, findings = settle(lesson, *engines)
    assert (settings.voice, dict(settings.voices), findings) == ("a/es", {"zh": "b/zh"}, [])
    lesson = read(tmp_path, text.replace("---\n#", "voice: a\n---\n#"))
    _, settings, findings = settle(lesson, *engines)
    assert (settings.voice, dict(settings.voices), findings) == ("a", {"zh": "b/zh"}, [])


@pytest.mark.parametrize(
    ("word", "language"),
    [("你好", "zh"), ("こんにちは", "ja"), ("안녕", "ko"), ("привет", "ru"), ("שלום", "he")],
)
def test_words_in_a_script_that_english_voices_cannot_read(
    tmp_path: Path, word: str, language: str
) -> None:
    lesson = read(tmp_path, f"# One\n\nThey say {word} to greet each other.\n")
    settled, settings, _ = settle(lesson, ENGLISH)
    (utterance,) = settled.slides[0].utterances
    assert [t.language for t in utterance.tokens if t.language] == [language]
    assert dict(settings.voices) == {language: "silent"}


@pytest.mark.parametrize(
    ("language", "text", "foreign"),
    [
        ("es", "La palabra 中文 significa chino.", ["zh"]),
        ("es", "El ángulo α y el niño.", []),
        ("ja", "これは東京です。", []),
        ("zh", "这个字是 かな 的。", ["ja"]),
        ("ko", "한국 漢字 글.", []),
        ("ar", "ينكسر الضوء 東京", ["zh"]),
        ("uk", "Світло заломлюється.", []),
        ("ru", "Слово שלום значит мир.", ["he"]),
    ],
)
def test_words_in_a_script_that_other_voices_cannot_read(
    tmp_path: Path, language: str, text: str, foreign: list[str]
) -> None:
    lesson = read(tmp_path, f"---\nlanguage: {language}\n---\n# x\n\n{text}\n")
    settled, settings, _ = settle(lesson, Engine("all", language))
    named = [t.language for u in settled.slides[0].utterances for t in u.tokens if t.language]
    assert named == foreign
    assert dict(settings.voices) == dict.fromkeys(foreign, "silent")


def test_a_voice_that_cannot_do_what_the_script_asks_is_not_chosen(tmp_path: Path) -> None:
    text = '---\nlanguage: de\n---\n# Linse\n\nDas ist <phoneme ph="lɪçt">Licht</phoneme>.\n'
    lesson = read(tmp_path, text)
    _, settings, _ = settle(lesson, ENGLISH, Engine("plain", "de", able=False))
    assert settings.voice == "silent"


def test_a_german_lesson_can_be_planned_and_read_in_silence(tmp_path: Path) -> None:
    lesson = read(tmp_path, f"---\nlanguage: de\n---\n# Linse\n\n{GERMAN}\n")
    settled, settings, _ = speech.settle_voices(lesson, lesson.settings)
    voice_map = speech.voice_map_of(settings)
    assert speech.voice_version(voice_map.speaker(), "de")
    narration = speech.narrate_slide(settled.slides[0], lambda _: SilentVoice())
    words = len(GERMAN.split())
    minutes = len(narration.samples) / 48_000 / 60
    assert 100 < words / minutes < 190


def test_chinese_is_shown_as_long_as_it_takes_to_read_it(tmp_path: Path) -> None:
    text = "进入眼睛的光线被角膜和晶状体折射，然后到达视网膜。"
    lesson = read(tmp_path, f"# 透镜\n\n{text}\n")
    narration = speech.narrate_slide(lesson.slides[0], lambda _: SilentVoice())
    letters = sum(map(str.isalnum, text))
    assert 3 < letters / (len(narration.samples) / 48_000) < 6  # in a second
