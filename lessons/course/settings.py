"""Every setting: its name, type, limits, default, meaning, and where it may be written.

To add a setting, add one line to `Settings`. It can then be written in the files of its layers and
given as `--set key=value`; it is checked when it is read, and `narrate schema` describes it.
`lessons.course.setting_layers` reads files against these classes and merges them.

Then let a step use it, and put it into the settings of that step's tasks
(`narrate.pipeline.lesson_graph`), so that a change is noticed. Tests ask for a line in
tests/lessons/setting_values.py and in tests/narrate/test_setting_keys.py. Teachers read of it in
README.md and in templates/course/course.yaml.j2.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    WithJsonSchema,
)

from foundation.frozen_mapping import FrozenMapping
from foundation.problem import NOWHERE, Place
from lessons.box_kinds import BoxKind, find_kind
from lessons.course.setting_types import (
    COURSE_ALONE,
    EVERYWHERE,
    LESSON_ALONE,
    NOT_IN_LESSONS,
    NOT_OF_THE_USER,
    SIGNER_WORDS,
    TAG_PATTERN,
    TEXT_SCHEMA,
    USER_ALONE,
    CaptionProfileName,
    Characters,
    CourseId,
    EmotionName,
    ExpectedValue,
    LanguageTag,
    Layer,
    ModelName,
    Number,
    Pause,
    Rate,
    ServerAddress,
    ServerName,
    Size,
    SpeakerName,
    Text,
    ThemeChoice,
    VoiceName,
    Whole,
    as_signer,
    as_text,
    with_each_name_once,
    with_each_tag_once,
)


def key(default: Any, meaning: str, layers: frozenset[Layer] = EVERYWHERE, **limits: Any) -> Any:
    """A setting: its default (`...` for none), what it means, and where it may be written."""
    extra: dict[str, Any] = {"layers": sorted(map(str, layers))}
    return Field(default, description=meaning, json_schema_extra=extra, **limits)


def layers_of(name: str, keys: type[Keys]) -> frozenset[Layer]:
    """Where the setting of that name may be written."""
    extra = keys.model_fields[name].json_schema_extra
    listed = extra.get("layers") if isinstance(extra, dict) else None
    assert isinstance(listed, list), f"the setting {name} is not declared with key()"
    return frozenset(Layer(str(layer)) for layer in listed)


class Keys(BaseModel):
    """A frozen group of settings that accepts its own keys alone.

    `model_fields_set` tells which of them were written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Video(Keys):
    size: Size = key((1920, 1080), "Width and height of the videos in pixels.")
    rate: Rate = key(Fraction(30), "Frames per second.")


class Pauses(Keys):
    """Silences in milliseconds."""

    sentence: Pause = key(350, "Silence after a sentence, in milliseconds.")
    paragraph: Pause = key(600, "Silence after a paragraph, in milliseconds.")
    slide: Pause = key(800, "Silence between two slides, in milliseconds.")


class Portrait(Keys):
    """How the presenter performs; the limits are those of `avatar.performance.Controls`."""

    clarity: Number = key(
        1.0, "How clearly the lips articulate: 1 is normal speech.", ge=0.5, le=1.5
    )
    emotion: EmotionName = key("neutral", "The expression of the face.")
    strength: Number = key(0.5, "How strong the emotion is.", ge=0, le=1)
    motion: Number = key(1.0, "How much head and brows move; 0 keeps the head still.", ge=0, le=2)
    distance: Number = key(
        1.0, "The presenter's distance, relative to the photo's.", ge=0.75, le=1.5
    )
    seed: Whole | None = key(
        None, "A number that fixes the small movements; by default each slide has its own.",
        ge=0, le=2**32 - 1,
    )  # fmt: skip


class BoxManner(Keys):
    """How boxes of one kind are shown and read, where that differs from the usual."""

    label: Annotated[Text | None, ExpectedValue("what such boxes are called")] = key(
        None, "What such boxes are called."
    )
    shown: bool | None = key(None, "Whether they are on the slide.")
    read: bool | None = key(None, "Whether they are read aloud.")
    pause: Pause | None = key(None, "Silence before them, in milliseconds.")

    def apply(self, usual: BoxKind) -> BoxKind:
        """How such boxes are shown and read."""
        return BoxKind(
            usual.label if self.label is None else self.label,
            usual.tone,
            usual.read if self.read is None else self.read,
            usual.shown if self.shown is None else self.shown,
            usual.pause_ms if self.pause is None else self.pause,
        )


def _as_box_kind(value: object) -> str:
    kind = find_kind(as_text(value))
    if kind == "plain" and value != "plain":
        raise ValueError
    return kind


class SpeechServer(Keys):
    """A server that speaks, with OpenAI's interface. Its key is never a setting: it is in the
    environment variable NARRATE_SPEECH_KEY_NAME."""

    url: ServerAddress = key(..., "The address, to which /audio/speech is added.", USER_ALONE)
    model: Text = key("tts-1", "The model that speaks.", USER_ALONE)
    voices: Annotated[
        tuple[Text, ...], ExpectedValue("a list of the server's voices, such as [alloy]")
    ] = key(..., "The names of its voices; the first is the usual one.", USER_ALONE, min_length=1)
    languages: Annotated[
        tuple[LanguageTag, ...], ExpectedValue("a list of language tags, such as [en-US, de]")
    ] = key((), "The languages that it speaks; by default any.", USER_ALONE)
    version: Text = key("", "Change it to have everything spoken again.", USER_ALONE)
    format: Literal["wav", "flac", "mp3", "pcm"] = key(
        "wav", "How the server sends sound; 'pcm' is 16 bits at 24 kHz.", USER_ALONE
    )
    speed: bool = key(False, "Whether it can speak faster and slower, from 0.5 to 2.", USER_ALONE)
    timeout: Number = key(60.0, "How long to wait for a sentence, in s.", USER_ALONE, ge=1, le=600)
    price: Number = key(0.0, "What a million characters cost.", USER_ALONE, ge=0, le=1_000_000)
    most_per_build: Characters | None = key(
        None, "Characters in one build; 100,000 by default, and any number on this machine.",
        USER_ALONE,
    )  # fmt: skip
    most_per_day: Characters | None = key(
        None, "Characters in a day (UTC); 500,000 by default, and any number on this machine.",
        USER_ALONE,
    )  # fmt: skip


class Settings(Keys):
    """The settings that a lesson is built with; `place_of` tells where they were written."""

    language: LanguageTag = key("en-US", "The language of the script.", NOT_OF_THE_USER)
    voice: VoiceName = key(
        "hibari", "Who speaks: an engine or engine/voice; 'recording' is your own voice."
    )
    voices: Annotated[
        Mapping[LanguageTag, VoiceName],
        BeforeValidator(with_each_tag_once),
        AfterValidator(FrozenMapping),
        PlainSerializer(dict),
        WithJsonSchema(
            {
                "type": "object",
                "propertyNames": {"pattern": TAG_PATTERN},
                "additionalProperties": TEXT_SCHEMA,
            }
        ),
        ExpectedValue(
            "a voice for each further language, such as {fr: espeak}, and each language once"
        ),
    ] = key(FrozenMapping({}), "The voice of each further language, by its tag.")
    speakers: Annotated[
        Mapping[SpeakerName, VoiceName],
        BeforeValidator(with_each_name_once),
        AfterValidator(FrozenMapping),
        PlainSerializer(dict),
        WithJsonSchema(
            {
                "type": "object",
                "propertyNames": {"pattern": r"^[^:：<>*_`\[\]{}|#]+$", "maxLength": 40},
                "additionalProperties": TEXT_SCHEMA,
            }
        ),
        ExpectedValue(
            "a voice for each speaker, such as {teacher: hibari, student: kokoro/am_puck}, and "
            "each name once"
        ),
    ] = key(FrozenMapping({}), "The voice of each speaker, by the name that stands before a colon.")
    recording: Annotated[Text, ExpectedValue("a file or a folder of the course")] = key(
        "", "The file or folder with the lesson's recordings; by default media/recordings.",
        NOT_OF_THE_USER - {Layer.FLAGS},
    )  # fmt: skip
    speed: Number | None = key(
        None,
        "How fast the voice speaks: 1 is its own pace. By default 0.9 if the voice can.",
        ge=0.5,
        le=2,
    )
    pause: Pauses = key(Pauses(), "Silences between sentences and slides.", COURSE_ALONE)
    captions: CaptionProfileName = key("bbc", "The rules that captions follow.")
    theme: ThemeChoice = key(
        "light", "How the slides look: a built-in theme, or a theme file of the course."
    )
    agenda: bool = key(False, "Whether a slide lists the lesson's sections after its title.")
    closing: Text = key("", "The title of a last slide, such as 'Thank you'; by default none.")
    templates: Annotated[Text, ExpectedValue("the path of a folder")] = key(
        "", "A folder of Typst templates that stand in place of narrate's own.", USER_ALONE
    )
    portrait: Portrait = key(Portrait(), "How the presenter performs.")
    dialect: Text = key(
        "", "The tool that the lessons were written for; by default they tell.", NOT_OF_THE_USER
    )
    root: Annotated[Text, ExpectedValue("a folder around the course, such as '..'")] = key(
        "", "A folder above the course whose files the lessons may use, such as '..'.",
        frozenset({Layer.COURSE, Layer.FLAGS}),
    )  # fmt: skip
    boxes: Annotated[
        Mapping[Annotated[str, BeforeValidator(_as_box_kind)], BoxManner],
        AfterValidator(FrozenMapping),
        PlainSerializer(dict),
        ExpectedValue("how each kind of box is read, such as {solution: {read: false}}"),
    ] = key(FrozenMapping({}), "How each kind of box is shown and read.", COURSE_ALONE)
    key_phrases: bool = key(
        True, "Whether slides of prose alone show key phrases of it.", NOT_OF_THE_USER
    )
    video: Video = key(Video(), "The size and the rate of the videos.", NOT_IN_LESSONS)
    signer: Annotated[
        Text,
        AfterValidator(as_signer),
        WithJsonSchema(
            {"type": "string", "pattern": rf"^\s*({'|'.join(SIGNER_WORDS)})\s*$|\.\w+\s*$"}
        ),
        ExpectedValue("none, reserve, or the path of a video in the course", SIGNER_WORDS),
    ] = key(
        "none", "'reserve' keeps a third of the lip-readable video free for an interpreter.",
        NOT_IN_LESSONS,
    )  # fmt: skip
    whisper: ModelName = key(
        "", "The speech recognition model; by default the one that is installed.", NOT_IN_LESSONS
    )
    speech_servers: Annotated[
        Mapping[ServerName, SpeechServer],
        AfterValidator(FrozenMapping),
        PlainSerializer(dict),
        ExpectedValue("servers that speak, such as {studio: {url: …, voices: […]}}"),
    ] = key(FrozenMapping({}), "Servers that speak, by the names that voices have.", USER_ALONE)
    author: Text = key("", "Who wrote the course.", NOT_IN_LESSONS)
    license: Text = key("", "The licence of the videos.", NOT_IN_LESSONS)
    publisher: Text = key("", "Who publishes the videos.", NOT_IN_LESSONS)

    _places: dict[str, Place] = PrivateAttr(default_factory=dict)

    def place_of(self, *names: str) -> Place:
        """The place of the first of these settings that was written, such as `voice` or
        `video.rate`; nowhere if all have their defaults."""
        for name in names:
            if name in self._places:
                return self._places[name]
        return NOWHERE


DEFAULTS = Settings()


class PresenterKeys(Keys):
    photo: Annotated[Text, ExpectedValue("the photo's path in the course")] = key(
        ..., "The photo's path in the course."
    )
    consent: Text | None = key(None, "The consent record's path, if it is not beside the photo.")
    name: Text = key("", "The presenter's name.")
    engine: Text = key("", "What animates the photo; 'still' is for a photo that does not move.")
    speaker: Text = key(
        "", "Whose lines move the presenter's lips; by default those of the first of `speakers`."
    )


def _as_presenter(value: object) -> object:
    if value is False or value == "none":
        return None
    return {"photo": value} if isinstance(value, str) else value


class CourseKeys(Settings):
    """What course.yaml holds."""

    title: Text | None = key(
        None, "The title of the course; by default that of its README or its tool.", COURSE_ALONE
    )
    titles: Annotated[
        Mapping[LanguageTag, Text],
        BeforeValidator(with_each_tag_once),
        AfterValidator(FrozenMapping),
        PlainSerializer(dict),
        WithJsonSchema(
            {
                "type": "object",
                "propertyNames": {"pattern": TAG_PATTERN},
                "additionalProperties": TEXT_SCHEMA,
            }
        ),
        ExpectedValue(
            "the title in each further language, such as {fr: La lumière}, and each language once"
        ),
    ] = key(FrozenMapping({}), "The title in each further language, by its tag.", COURSE_ALONE)
    id: CourseId | None = key(
        None, "The course's name in consent records; by default the folder's name.", COURSE_ALONE
    )
    presenter: Annotated[
        PresenterKeys | None,
        BeforeValidator(
            _as_presenter,
            json_schema_input_type=PresenterKeys
            | Annotated[str, Field(pattern=r"\S")]
            | Literal[False]
            | None,
        ),
        ExpectedValue("{photo: presenter/me.jpg, name: …}, or none"),
    ] = key(None, "The presenter; by default the only picture in presenter/.", COURSE_ALONE)
    lessons: Annotated[
        tuple[str, ...] | None, ExpectedValue("a list of Markdown files, such as [01-light.md]")
    ] = key(
        None, "The lessons in order; by default the folder's Markdown files by name.",
        COURSE_ALONE, min_length=1,
    )  # fmt: skip


class LessonKeys(Settings):
    """What a lesson's front matter holds."""

    title: Text | None = key(
        None, "The lesson's title; by default its first heading.", LESSON_ALONE
    )
    shape: Literal["script", "deck"] | None = key(
        None,
        "Whether the prose is spoken (script) or the notes are (deck); by default the text tells.",
        LESSON_ALONE,
    )
