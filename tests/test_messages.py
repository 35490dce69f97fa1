"""Every message is a plain sentence, and says what to do."""

from __future__ import annotations

import re

import pytest
from message_table import Message, all_messages, find_messages

MESSAGES = all_messages()

# Endings of other messages, or of other programs' reports, that are put into whole sentences.
PARTS = (
    "lessons/course/media.py",
    "lessons/course/drawings.py",
    "narrate/slides/formula_pictures.py",
    "narrate/speech/sound_file.py",
    "avatar/consent/signature.py",
)

_OF_DOCTOR = "the check of `narrate doctor` that finds it has the remedy"
_INTERNAL = "only a mistake in this program can cause it"
_OWN_FILE = "this program has written the file in the same build"
WITHOUT_REMEDY = {
    "the signature belongs to different content": "a reason inside a message",
    "Algorithm of '{…}' is not supported": "a reason inside a message",
    "{…} is not supported.": _OF_DOCTOR,
    "PocketSphinx has no acoustic model.": _OF_DOCTOR,
    "torch finds no GPU, so everything runs on the CPU.": _OF_DOCTOR,
    "torch is not installed, so everything runs on the CPU.": _OF_DOCTOR,
    "There is no voice '{…}/{…}'.": "an engine without any voice has none to choose from",
    "{…} The lesson's own voice reads this note.": "the remedy is that of the voice's error",
    "{…} So its sentence is shown, and not spoken.": "the remedy is that of the voice's error",
    "A video needs at least one segment.": _INTERNAL,
    "A slide needs at least one frame; it has {…} frames.": _INTERNAL,
    "A slide picture has {…}×{…} pixels, but the video has {…}×{…}.": _INTERNAL,
    "The slide has {…} pictures, but begins of {…}, of which the first must be 0.": _INTERNAL,
    "The {…} video cannot be encoded: {…}.": _INTERNAL,
    "The segment {…} holds no video.": _OWN_FILE,
    "The video {…} does not begin with a movie box.": _OWN_FILE,
    "The video {…} cannot be read: {…}.": _OWN_FILE,
}
"""Messages without a remedy, and why they need none."""

QUAINT = re.compile(
    r"\b(?:for who|as of a|mind (?:the|names)|is no [a-z]+ (?:that|which)|mend|lies? in)\b"
)


def name(message: Message) -> str:
    return f"{message.file}:{message.line}"


def test_the_table_holds_the_messages() -> None:
    assert len(MESSAGES) > 250
    files = {message.file for message in MESSAGES}
    assert {
        "lessons/course/setting_layers.py",
        "narrate/api.py",
        "avatar/consent/verification.py",
    } <= files


@pytest.mark.parametrize("message", MESSAGES, ids=name)
def test_a_message_is_a_sentence(message: Message) -> None:
    text = " ".join(message.text.split())
    assert not QUAINT.search(text) and not QUAINT.search(message.remedy or "")
    if message.file in PARTS:
        return
    if message.maker != "BadParameter":  # which is shown after "Invalid value: "
        assert re.match(r"[A-Z“{'\"`<]|espeak|hibari|torch", text), text
    assert re.search(r"[.:…!?}]\"?$", text), text
    for remedy in filter(None, [message.remedy]):
        assert re.match(r"[A-Z{`'(]", remedy), remedy
        assert re.search(r"[.?!}…)]$|: [^.]*$|: pip install \S.*$|`$", remedy.rstrip()), remedy


@pytest.mark.parametrize(
    ("source", "text", "remedy"),
    [
        ('raise MediaError("It is gone.", remedy="Look for it.")', "It is gone.", "Look for it."),
        ('def f():\n m = "A b."\n yield x(1)\n m = f"C {d}."\n yield Problem(m, "Do it.")',
         "C {…}.", "Do it."),
        ('raise VoiceError("No voice.")', "No voice.", None),
        ('raise typer.BadParameter("No file x.", param_hint="--out")', "No file x.", None),
        ('def f():\n m, r = "A b.", "Do it."\n yield Problem(m, r)', "A b.", "Do it."),
        ('def f():\n m, p = "A b.", g()\n return Problem(m, "Do it.", p)', "A b.", "Do it."),
        ('R = "Do it."\ndef refuse(m, remedy=R): pass\nrefuse("A b.")', "A b.", "Do it."),
        ('add_finding("rule", "A b.", "Do it.", 3)', "A b.", "Do it."),
        ('_PLAIN_WORDS = (("x", "a tab {}", "Do it."),)',
         "The YAML is not correct: a tab {…}.", "Do it."),
    ],
)  # fmt: skip
def test_messages_are_found_in_source(source: str, text: str, remedy: str | None) -> None:
    (message,) = find_messages(source, "a.py")
    assert (message.text, message.remedy) == (text, remedy)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('raise VoiceError("A b." if c else "C d.")', {"A b.", "C d."}),
        ('def f():\n if c:\n  m = "A b."\n else:\n  m = "C d."\n raise VoiceError(m)',
         {"A b.", "C d."}),
        ('def f():\n m = "A b."\n if c:\n  m = "C d."\n raise VoiceError(m)', {"A b.", "C d."}),
        ('def f():\n if c:\n  m = "A b."\n else:\n  m = "C d."\n  raise VoiceError(m)', {"C d."}),
        ('def f():\n m = "A b."\n m = "C d."\n raise VoiceError(m)', {"C d."}),
    ],
)  # fmt: skip
def test_all_texts_that_a_message_may_have_are_found(source: str, texts: set[str]) -> None:
    assert {message.text for message in find_messages(source, "a.py")} == texts


def test_every_problem_has_a_remedy() -> None:
    without = {
        " ".join(m.text.split())
        for m in MESSAGES
        if not m.remedy and m.maker != "BadParameter"  # with which the usage is shown
    }
    assert without == WITHOUT_REMEDY.keys()


def test_a_bad_message_is_seen() -> None:
    (message,) = find_messages('raise VoiceError("mind the names")', "a.py")
    with pytest.raises(AssertionError):
        test_a_message_is_a_sentence(message)
