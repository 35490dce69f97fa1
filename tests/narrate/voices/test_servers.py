"""Speech servers: what they are asked, and what happens when they do not answer as they should."""

from __future__ import annotations

import datetime
import io
import json
import threading
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import av
import numpy as np
import pytest
from trial_speech_server import RATE, Reply, TrialServer, make_tone, make_wav, speak

from lessons.course.settings import DEFAULTS
from lessons.course.voice_map import VoiceMap
from lessons.model import Lesson, Slide, Token, Utterance
from narrate.cli import main
from narrate.clock import SAMPLE_RATE
from narrate.errors import NarrateError, VoiceError
from narrate.loudness import loudness
from narrate.speech import (
    lacks_times,
    list_engines,
    open_voice,
    settle_voices,
    voice_version,
    voices,
)
from narrate.vocabulary import Speech
from narrate.voices.servers import request as request_module
from narrate.voices.servers.request import _read_wait

KEY = "sk-Test0123456789abcdef"
Configure = Callable[..., None]


def utterance(text: str) -> Utterance:
    return Utterance(tuple(Token(word, word, 0, 0) for word in text.split()), 0, 7)


def say(text: str = "Light bends in water.", rate: float = 1.0) -> Speech:
    return open_voice("server/studio", "en-US").speak(utterance(text), rate=rate)


def refused(**settings: object) -> str:
    """The whole message with which a sentence is refused."""
    with pytest.raises(NarrateError) as caught:
        say()
    assert caught.value.remedy and "Traceback" not in str(caught.value)
    return str(caught.value)


def test_a_sentence_is_asked_for_as_openai_does(server: TrialServer, configure: Configure) -> None:
    configure(speed="true")
    speech = say(rate=1.25)
    assert server.paths == ["/v1/audio/speech"]
    assert server.asked == [
        {
            "model": "tts-1",
            "input": "Light bends in water.",
            "voice": "alloy",
            "response_format": "wav",
            "speed": 1.25,
        }
    ]
    assert "Authorization" not in server.headers[0]
    assert len(speech.samples) == pytest.approx(SAMPLE_RATE, rel=0.1)  # the silence is cut off
    assert [w.confidence for w in speech.words] == [0.0] * 4


def test_no_speed_is_asked_for_unless_the_server_can(
    server: TrialServer, configure: Configure
) -> None:
    assert "rate" not in open_voice("server/studio", "en-US").info.capabilities
    say()
    assert "speed" not in server.asked[0]


def test_every_sentence_has_the_usual_level(server: TrialServer, configure: Configure) -> None:
    gains = iter([1.0, 0.05, 3.0, 1.0])

    def reply(asked: dict[str, Any]) -> Reply:
        sound = make_tone(asked["input"]) * np.float32(next(gains))
        return 200, {"Content-Type": "audio/wav"}, make_wav(sound)

    server.usual = reply
    for text in ("One two three four.", "A faint one, as it is.", "A loud one, as it is.", "Yes."):
        sound = say(text).samples
        assert loudness([np.tile(sound, 6)]) == pytest.approx(-16, abs=0.6)


def test_voices_are_named_by_server_and_voice(server: TrialServer, configure: Configure) -> None:
    assert [v.id for v in voices() if v.engine == "server"] == [
        "server/studio/alloy",
        "server/studio/echo",
    ]
    for name, voice in (
        ("server", "alloy"),
        ("server/studio", "alloy"),
        ("server/studio/echo", "echo"),
    ):
        open_voice(name, "de").speak(utterance("Hallo"))
        assert server.asked[-1]["voice"] == voice
    for name, near in (("server/studoi", "'studio'"), ("server/studio/eco", "server/studio/echo")):
        with pytest.raises(VoiceError) as caught:
            open_voice(name, "en")
        assert near in caught.value.remedy


def test_nothing_is_asked_to_list_and_to_plan(server: TrialServer, configure: Configure) -> None:
    voice_version("server/studio", "en")
    assert main(["voices"]) == 0
    main(["doctor"])
    assert server.asked == []


def test_a_language_that_the_server_does_not_speak(configure: Configure) -> None:
    configure(languages="[en, fr]")
    with pytest.raises(VoiceError, match="does not speak de"):
        open_voice("server/studio", "de")


def test_the_version_is_of_what_is_asked_and_not_of_where(
    server: TrialServer, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = voice_version("server/studio", "en")
    for same in ({"url": "https://example.org/v1"}, {"price": 3}, {"timeout": 9}):
        configure(**same)
        assert voice_version("server/studio", "en") == first
    monkeypatch.setenv("NARRATE_SPEECH_KEY_STUDIO", KEY)
    assert voice_version("server/studio", "en") == first
    seen = {first, voice_version("server/studio/echo", "en")}
    for other in ({"model": "big"}, {"version": 2}, {"format": "mp3"}):
        configure(**other)
        seen.add(voice_version("server/studio", "en"))
    assert len(seen) == 5


def test_the_key_is_of_the_environment_and_nowhere_else(
    server: TrialServer,
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    waits: list[float],
) -> None:
    monkeypatch.setenv("NARRATE_SPEECH_KEY_STUDIO", KEY)
    say()
    assert server.headers[-1]["Authorization"] == f"Bearer {KEY}"
    told = f"Incorrect API key provided: {KEY[:9]}***. Full: {KEY}."
    for status in (400, 401, 403, 404, 422, 429, 500):
        body = json.dumps({"error": {"message": told}}).encode()
        server.replies = [(status, {"Content-Type": "application/json"}, body)] * 4
        message = refused()
        assert not any(KEY[at : at + 6] in message for at in range(len(KEY) - 6))
    main(["doctor"])
    main(["voices", "--json"])
    shown = capsys.readouterr()
    assert KEY not in shown.out + shown.err and "key in NARRATE_SPEECH_KEY_STUDIO" in shown.out


def test_a_key_is_not_sent_over_an_open_connection(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    configure(url="http://far.test/v1")
    monkeypatch.setenv("NARRATE_SPEECH_KEY_STUDIO", KEY)
    assert "everybody can read" in refused()
    monkeypatch.setenv("NARRATE_SPEECH_KEY_STUDIO", "two words")
    assert "is no key" in refused()


def test_an_address_with_a_password_is_refused_without_it(configure: Configure) -> None:
    configure(url="http://me:secret@127.0.0.1:1/v1")
    message = refused()
    assert "holds a name or a password" in message and "secret" not in message


def test_a_key_in_the_settings_is_refused_and_not_shown(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(key=KEY)
    assert main(["say", "--voice", "server/studio", "--mute", "Hello."]) != 0
    shown = capsys.readouterr()
    assert "speech_servers.studio.key" in shown.err and KEY not in shown.out + shown.err


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(
    status: int, server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    server.replies = [(status, {}, b"")] * 3
    assert say().samples.size
    assert len(server.asked) == 4 and waits == [1.0, 3.0, 9.0]


def test_a_server_that_stays_busy_is_given_up(
    server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    server.replies = [(503, {}, b"")] * 9
    message = refused()
    assert "'studio' at 127.0.0.1" in message and "it answers 503, 4 times" in message
    assert len(server.asked) == 4


def test_a_server_says_when_to_ask_again(
    server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    server.replies = [(429, {"Retry-After": "7"}, b""), (429, {"Retry-After": "0"}, b"")]
    say()
    assert waits == [7.0, 0.0]
    server.replies = [(429, {"Retry-After": "3600"}, b"")]
    assert "wants to be asked again in 3600 s" in refused()
    assert waits == [7.0, 0.0]


def test_the_time_to_ask_again_may_be_a_date() -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30)
    wait = _read_wait(format_datetime(soon, usegmt=True))
    assert wait is not None and 0 < wait <= 31
    assert _read_wait("Sun, 06 Nov 1994 08:49:37 GMT") == 0
    assert [_read_wait(text) for text in (None, "", "soon", "-3")] == [None, None, None, 0]


def test_nothing_listens(server: TrialServer, configure: Configure, waits: list[float]) -> None:
    server.close()
    assert "nothing listens there, 4 times" in refused()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((401, {}, b""), "its key is missing (401)"),
        ((404, {}, b""), "has nothing at /audio/speech (404)"),
        ((400, {}, b'{"error": {"message": "No voice alloy."}}'), "(400: No voice alloy.)"),
        ((422, {}, b'{"detail": "Bad input"}'), "(422: Bad input)"),
        ((422, {}, b'{"detail": [{"loc": ["body", "speed"], "msg": "Too slow"}]}'),
         "(422: speed: Too slow)"),
        ((422, {}, b'{"detail": [3]}'), "refuses the request (422)"),
        ((418, {}, b"[" * 60000), "refuses the request (418)"),
        ((302, {"Location": "http://127.0.0.1:1/v1"}, b""), "sends requests on"),
        ((307, {"Location": "/v2"}, b""), "sends requests on"),
        ((200, {"Content-Type": "application/json"}, b"{}"), "sent application/json instead"),
        ((200, {"Content-Type": "text/html"}, b"<p>"), "sent text/html instead"),
        ((200, {"Content-Type": "audio/wav"}, b""), "sent no sound"),
        ((200, {"Content-Type": "audio/wav"}, b"RIFFxxxxWAVE"), "cannot be decoded"),
        ((200, {}, make_wav(np.zeros(9000, np.float32))), "gave silence"),
        ((200, {}, make_wav(make_tone("a b"))[:9000]), "is cut short"),
        ((200, {}, make_wav(np.full(RATE * 100, 0.1, np.float32))), "more than 81 s of sound"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_is_named(
    reply: Reply, told: str, server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    server.replies = [reply] * 4
    assert told in refused()
    assert len(server.asked) == 1 and not waits


def test_too_many_bytes_are_not_read(
    server: TrialServer, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_module, "MOST_BYTES", 40_000)
    assert "sends more than" in refused()


def test_a_server_that_does_not_end_is_left(
    server: TrialServer, configure: Configure, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()

    def hold(asked: dict[str, Any]) -> Reply:
        held.wait(20)
        return speak(asked)

    configure(timeout=1)
    monkeypatch.setattr("narrate.voices.servers.retries.WAITS", ())
    server.usual = hold
    assert "it did not answer within 1 s" in refused()
    held.set()


def test_no_redirection_brings_text_or_key_elsewhere(
    server: TrialServer, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = TrialServer()
    monkeypatch.setenv("NARRATE_SPEECH_KEY_STUDIO", KEY)
    for status in (301, 302, 303, 307, 308):
        server.replies = [(status, {"Location": other.url + "/audio/speech"}, b"")]
        refused()
    assert other.asked == []
    other.close()


@pytest.mark.parametrize("format", ["wav", "flac", "mp3", "pcm"])
def test_each_format_is_decoded(format: str, server: TrialServer, configure: Configure) -> None:
    configure(format=format)

    def reply(asked: dict[str, Any]) -> Reply:
        assert asked["response_format"] == format
        return 200, {"Content-Type": f"audio/{format}"}, encode(make_tone(asked["input"]), format)

    server.usual = reply
    assert len(say().samples) == pytest.approx(SAMPLE_RATE, rel=0.1)


def encode(samples: np.ndarray[Any, np.dtype[np.float32]], format: str) -> bytes:
    if format == "wav":
        return make_wav(samples)
    if format == "pcm":
        raw: bytes = (samples * 32767).astype("<i2").tobytes()
        return raw
    out = io.BytesIO()
    with av.open(out, "w", format=format) as container:
        stream = container.add_stream(format, rate=RATE)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(
            (samples * 32767).astype(np.int16)[None], format="s16", layout="mono"
        )
        frame.sample_rate = RATE
        for piece in (frame, None):
            container.mux(stream.encode(piece))
    return out.getvalue()


def test_a_server_is_used_only_where_it_is_named(configure: Configure) -> None:
    """No course without a voice for its language sends its text to somebody."""
    slide = Slide(1, "", (), (utterance("Saluton mondo"),), 1)
    lesson = Lesson("a", "A", "01-a.md", "script", (slide,))
    settings = DEFAULTS.model_copy(update={"language": "zz"})
    _, settled, findings = settle_voices(lesson, settings)
    assert findings and not settled.voice.startswith("server")
    assert "server" in list_engines()


def test_its_words_have_to_be_found(configure: Configure) -> None:
    assert lacks_times(utterance("a"), VoiceMap("server/studio", "en", {}))


def test_settings_that_cannot_be_read_do_not_break_the_list(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(format="ogg")
    assert main(["voices"]) == 0
    shown = capsys.readouterr().out
    assert "hibari/heart" in shown and "server cannot be used" in shown
