"""Every setting with a value that it takes, and one that it does not take."""

from __future__ import annotations

VALUES: dict[str, tuple[str, str]] = {
    "language": ("de-DE", "german"),
    "voice": ("hibari/heart", "[a]"),
    "voices": ("{fr: espeak}", "{french: espeak}"),
    "speakers": ("{teacher: hibari}", "{'a: b': hibari}"),
    "recording": ("media/talk.mp3", "{}"),
    "speed": ("0.9", "fast"),
    "pause": ("{slide: 900}", "{slide: 0.5}"),
    "captions": ("dcmp", "dmcp"),
    "theme": ("dark", "drak"),
    "agenda": ("true", "perhaps"),
    "closing": ("Thank you", "{}"),
    "templates": ("my-templates", "[]"),
    "portrait": ("{clarity: 1.2}", "{clarity: 2}"),
    "video": ("{rate: 25}", "{rate: 1000}"),
    "signer": ("reserve", "reserv"),
    "whisper": ("small.en", "../model"),
    "speech_servers": (
        "{studio: {url: 'http://localhost:8880/v1', voices: [alloy]}}",
        "{studio: {url: 'ftp://localhost', voices: [alloy]}}",
    ),
    "author": ("Ada", "[]"),
    "license": ("CC-BY-4.0", "{a: b}"),
    "publisher": ("A School", "''"),
    "title": ("Light", "{}"),
    "titles": ("{fr: La lumière}", "{french: La lumière}"),
    "id": ("optics-101", "a/b"),
    "presenter": ("{photo: me.jpg}", "{name: me}"),
    "lessons": ("[a.md]", "a.md"),
    "shape": ("deck", "decks"),
    "dialect": ("markdown", "{}"),
    "root": ("..", "[]"),
    "key_phrases": ("false", "perhaps"),
    "boxes": ("{solution: {read: false}}", "{solution: {read: perhaps}}"),
}
