"""Language tags (BCP 47): read, compared, and asked for their script. Built on `langcodes`."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import langcodes
from langcodes.tag_parser import LanguageTagError

_RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
"""ISO 15924 codes of the scripts that are written from right to left and still in use."""


@lru_cache(maxsize=1024)
def normalize_tag(text: str) -> str:
    """The tag as BCP 47 writes it: `en_gb` becomes `en-GB`, `deu` becomes `de`.

    Raises ValueError for what is not a tag, or is one whose language nobody has registered.
    """
    try:
        language = langcodes.Language.get(text.strip(), normalize=True)
    except LanguageTagError as error:
        raise ValueError(f"{text!r} is not a language tag") from error
    known = langcodes.Language.make(language=language.language)
    if not language.language or not known.is_valid():
        raise ValueError(f"{text!r} is not the tag of a known language")
    return str(language.to_tag())


def is_tag(text: str) -> bool:
    """Whether `normalize_tag` accepts the text."""
    try:
        normalize_tag(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def primary(tag: str) -> str:
    """The language alone, in small letters: `en` of `en-GB`. What is not a tag is cut at its first
    hyphen, so that it is at least always the same."""
    try:
        return normalize_tag(tag).partition("-")[0].lower()
    except ValueError:
        return tag.strip().replace("_", "-").partition("-")[0].lower()


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, whatever their regions and scripts."""
    return primary(one) == primary(other)


def is_english(tag: str) -> bool:
    return primary(tag) == "en"


@lru_cache(maxsize=1024)
def direction(tag: str) -> Literal["ltr", "rtl"]:
    """How the language is written; from left to right if that is not known."""
    try:
        script = langcodes.Language.get(normalize_tag(tag)).maximize().script
    except ValueError:
        script = None
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=1024)
def three_letter_code(tag: str) -> str:
    """Return the ISO 639-2/T code of a tag's language, as MP4 stores it: `eng` for `en-US`.

    It is `und` (undetermined) if there is no such code.
    """
    try:
        return str(langcodes.Language.get(tag, normalize=False).to_alpha3(variant="T"))
    except (LanguageTagError, LookupError):
        return "und"
