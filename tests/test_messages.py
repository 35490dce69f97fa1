"""Every message is a plain sentence, and says what to do."""

from __future__ import annotations

import re

import pytest
from message_table import Message, all_messages, find_messages

MESSAGES = all_messages()

# Endings of other messages, or of other programs' reports, that are put into whole sentences.
PARTS = ("lessons/media.py", "narrate/video/formula_pictures.py", "avatar/consent/signature.py")

QUAINT = re.compile(
    r"\b(?:for who|as of a|mind (?:the|names)|is no [a-z]+ (?:that|which)|mend|lies? in)\b"
)


def name(message: Message) -> str:
    return f"{message.file}:{message.line}"


def test_the_table_holds_the_messages() -> None:
    assert len(MESSAGES) > 250
    files = {message.file for message in MESSAGES}
    assert {
        "lessons/setting_layers.py",
        "narrate/api.py",
        "avatar/consent/verification.py",
    } <= files


@pytest.mark.parametrize("message", MESSAGES, ids=name)
def test_a_message_is_a_sentence(message: Message) -> None:
    text = " ".join(message.text.split())
    assert not QUAINT.search(text) and not QUAINT.search(message.remedy or "")
    if message.file in PARTS:
        return
    assert re.match(r"[A-Z“{'\"`<]|espeak|hibari|torch", text), text
    assert re.search(r"[.:…!?}]$", text), text
    for remedy in filter(None, [message.remedy]):
        assert re.match(r"[A-Z{`'(]", remedy), remedy
        assert re.search(r"[.?!}…)]$|: [^.]*$|`$", remedy.rstrip()), remedy


@pytest.mark.parametrize(
    ("source", "text", "remedy"),
    [
        ('raise MediaError("It is gone.", remedy="Look for it.")', "It is gone.", "Look for it."),
        ('def f():\n m = "A b."\n yield x(1)\n m = f"C {d}."\n yield Problem(m, "Do it.")',
         "C {…}.", "Do it."),
        ('raise VoiceError("No voice.")', "No voice.", None),
    ],
)  # fmt: skip
def test_messages_are_found_in_source(source: str, text: str, remedy: str | None) -> None:
    (message,) = find_messages(source, "a.py")
    assert (message.text, message.remedy) == (text, remedy)


def test_a_bad_message_is_seen() -> None:
    (message,) = find_messages('raise VoiceError("mind the names")', "a.py")
    with pytest.raises(AssertionError):
        test_a_message_is_a_sentence(message)
