"""What settings may hold: the types of their values, and the layers in which they are written.

A validator raises a bare ValueError: people see the type's `ExpectedValue` instead. Keys are
declared with these types in `lessons.course.settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Strict,
    ValidationInfo,
    WithJsonSchema,
)

from foundation.languages import normalize_tag
from foundation.unfit_characters import UNFIT_FOR_NAMES


class Layer(StrEnum):
    """Where settings are written; each layer overrides those before it."""

    USER = "user"
    COURSE = "course"
    LESSON = "lesson"
    FLAGS = "flags"


EVERYWHERE = frozenset(Layer)
NOT_IN_LESSONS = EVERYWHERE - {Layer.LESSON}
NOT_OF_THE_USER = EVERYWHERE - {Layer.USER}  # a script is read alike whoever builds the course
USER_ALONE = frozenset({Layer.USER})
COURSE_ALONE = frozenset({Layer.COURSE})
LESSON_ALONE = frozenset({Layer.LESSON})


@dataclass(frozen=True, slots=True)
class ExpectedValue:
    """What a person should write, after "Write ", and words that a near miss may stand for."""

    text: str
    words: tuple[str, ...] = ()


class WrittenText:
    """Marks text that is taken as it is written: `1.10` is not the number 1.1."""


def as_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    text = " ".join(str(value).split())
    if not any(map(str.isprintable, text)) or UNFIT_FOR_NAMES.search(text):
        raise ValueError
    return text


def with_each_tag_once(value: object) -> object:
    """The value, unless two keys of the mapping mean the same language tag, as `deu` and `de` do:
    one of their voices would be lost without a word."""
    known: set[str] = set()
    for written in value if isinstance(value, Mapping) else ():
        try:
            tag = normalize_tag(as_text(written))
        except ValueError:
            continue  # the check of the keys names this one
        if tag in known:
            raise ValueError
        known.add(tag)
    return value


def _as_speaker_name(value: str) -> str:
    """A name as it stands before a colon in the text."""
    if len(value) > LONGEST_SPEAKER_NAME or re.search(r"[:：<>*_`\[\]{}|#]", value):
        raise ValueError
    if not any(map(str.isalpha, value)):
        raise ValueError
    return value


def with_each_name_once(value: object) -> object:
    """The value, unless two keys of the mapping are the same name in other letters."""
    names = [
        " ".join(written.split()).casefold()
        for written in (value if isinstance(value, Mapping) else ())
        if isinstance(written, str)
    ]
    if len(names) != len(set(names)):
        raise ValueError
    return value


def _as_size(value: object) -> tuple[int, int]:
    parts = value if isinstance(value, list | tuple) else (value,)
    if not all(isinstance(part, str | int) for part in parts):
        raise ValueError
    written = "x".join(map(str, parts[:3]))
    match = re.fullmatch(r"(\d{2,5})\s*[x×]\s*(\d{2,5})", written.strip())
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    width, height = size
    if width % 2 or height % 2 or not (640 <= width <= 3840 and 360 <= height <= 2160):
        raise ValueError
    if not 1.3 <= width / height <= 2.4:
        raise ValueError
    return size


def as_signer(value: str) -> str:
    if value not in SIGNER_WORDS and not re.search(r"\.\w+$", value):
        raise ValueError
    return value


def _as_rate(value: object) -> Fraction:
    if not isinstance(value, str | int | float | Fraction):
        raise ValueError
    written = str(value).strip()
    # Without exponents: 1e99999999 would be written out, digit by digit.
    if not re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]{1,6}|/[0-9]{1,7})?", written):
        raise ValueError
    try:
        rate = Fraction(written)
    except ZeroDivisionError as error:
        raise ValueError from error
    if not 1 <= rate <= FASTEST_RATE or rate.denominator > 1001:
        raise ValueError
    return rate


def _as_course_id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", value):
        raise ValueError
    return value


def _model_name(value: str, info: ValidationInfo) -> str:
    """A course comes from anyone: it may name a model in the user's folder, but not a path."""
    if (info.context or {}).get("layer") == Layer.COURSE and (
        not re.fullmatch(r"[\w][\w.@-]*", value) or ".." in value
    ):
        raise ValueError
    return value


def _as_theme(value: str, info: ValidationInfo) -> str:
    """A course comes from anyone: its theme is a built-in one or a file in its folder."""
    if value in THEME_NAMES:
        return value
    if len(value) > 200 or not re.fullmatch(_THEME_FILE_PATTERN, value):
        raise ValueError
    own = (info.context or {}).get("layer") in (Layer.COURSE, Layer.LESSON)
    if own and (re.match(r"[/\\~]|[A-Za-z]:", value) or ".." in re.split(r"[/\\]", value)):
        raise ValueError
    return value


def _as_server_address(value: str) -> str:
    if not re.fullmatch(_ADDRESS_PATTERN, value):
        raise ValueError
    return value.rstrip("/")


def _as_server_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(_NAME_PATTERN, value):
        raise ValueError
    return value


SIGNER_WORDS = ("none", "reserve")
LONGEST_SPEAKER_NAME = 40
"""Characters: more do not fit into a line of captions, where the name stands before the words."""
FASTEST_RATE = 120  # frames per second

# A title may be a year, or yes, but not spaces alone.
TEXT_SCHEMA = {"type": ["string", "number", "boolean"], "minLength": 1, "pattern": r"\S"}

Text = Annotated[
    str,
    BeforeValidator(as_text),
    WithJsonSchema(TEXT_SCHEMA),
    ExpectedValue("some text"),
    WrittenText(),
]
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
TAG_PATTERN = r"^\s*[A-Za-z]{2,3}([-_]\w+)*\s*$"
LanguageTag = Annotated[
    Text,
    AfterValidator(normalize_tag),
    WithJsonSchema({"type": ["string", "boolean"], "pattern": TAG_PATTERN}),
    ExpectedValue("a language tag, such as en-US, en-GB or de"),
]
VoiceName = Annotated[Text, ExpectedValue("the name of a voice; `narrate voices` lists them")]
SpeakerName = Annotated[
    Text,
    AfterValidator(_as_speaker_name),
    ExpectedValue(
        f"a name of at most {LONGEST_SPEAKER_NAME} characters, without a colon or signs of markup"
    ),
]
CourseId = Annotated[
    Text,
    AfterValidator(_as_course_id),
    WithJsonSchema(
        {
            "type": ["string", "number", "boolean"],
            "pattern": r"^\s*[A-Za-z0-9][A-Za-z0-9._-]{0,99}\s*$",
            "minimum": 0,  # an id does not begin with a sign
        }
    ),
    ExpectedValue("letters, digits, '-', '_' and '.', such as optics-101"),
]
ModelName = Annotated[
    Text,
    AfterValidator(_model_name),
    ExpectedValue(
        "the name of a model in the model folder (`narrate models list`); only your own settings "
        "may name a path"
    ),
]
_ADDRESS_PATTERN = r"https?://[^\s/?#]+(/[^\s?#]*)?"
ServerAddress = Annotated[
    Text,
    AfterValidator(_as_server_address),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_ADDRESS_PATTERN}\s*$"}),
    ExpectedValue("an address, such as http://localhost:8880/v1"),
]
_NAME_PATTERN = "[a-z][a-z0-9-]{0,39}"
ServerName = Annotated[
    str,
    BeforeValidator(_as_server_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_NAME_PATTERN}$"}),
    ExpectedValue("a name of small letters, digits and '-'"),
]
Characters = Annotated[
    Whole, Field(ge=0, le=1_000_000_000), ExpectedValue("a number of characters, such as 100000")
]
_EVEN_PATTERN = "[0-9]{2,3}[02468]"
Size = Annotated[
    tuple[int, int],
    BeforeValidator(_as_size),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "string",
                    "pattern": rf"^\s*{_EVEN_PATTERN}\s*[x×]\s*{_EVEN_PATTERN}\s*$",
                },
                {
                    "type": "array",
                    "items": {"type": "integer", "multipleOf": 2, "minimum": 360, "maximum": 3840},
                    "minItems": 2,
                    "maxItems": 2,
                },
            ]
        }
    ),
    ExpectedValue(
        "width x height, both even, of a landscape picture from 640x360 to 3840x2160, such as "
        "1920x1080"
    ),
]
Rate = Annotated[
    Fraction,
    BeforeValidator(_as_rate),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 1, "maximum": FASTEST_RATE},
                {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+|/[0-9]+)?\s*$"},
            ]
        }
    ),
    ExpectedValue("frames per second, such as 25, 30, 60 or 30000/1001"),
]
Pause = Annotated[Whole, Field(ge=0, le=60_000), ExpectedValue("milliseconds, from 0 to 60000")]

THEME_NAMES = ("light", "dark", "contrast", "paper", "chalk", "playful", "seminar", "calm")
_THEME_FILE_PATTERN = r".*[^/\\]\.(toml|thmx|pptx|potx)"
ThemeChoice = Annotated[
    Text,
    AfterValidator(_as_theme),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(THEME_NAMES)},
                {"type": "string", "pattern": rf"^\s*{_THEME_FILE_PATTERN}\s*$"},
            ]
        }
    ),
    ExpectedValue(
        f"{', '.join(THEME_NAMES)}, or a theme file in the course, such as themes/school.toml",
        THEME_NAMES,
    ),
]
CaptionProfileName = Literal["bbc", "bbc-portrait", "dcmp", "netflix"]
EmotionName = Literal["neutral", "warm", "serious", "surprised"]
