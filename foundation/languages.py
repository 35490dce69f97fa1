"""Parses and compares language tags (BCP 47) and finds their writing direction."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

_RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
"""ISO 15924 codes of the right-to-left scripts that are still in use."""

_COMMON_TAGS = """
    ar ca cs da de de-AT de-CH de-DE el en en-AU en-CA en-GB en-IE en-IN en-NZ en-US en-ZA es es-ES
    es-MX fi fr fr-BE fr-CA fr-CH fr-FR he hi hu it it-IT ja ko nb nl nl-BE nl-NL pl pt pt-BR pt-PT
    ro ru sv tr uk zh zh-CN zh-TW
"""
COMMON_TAGS = frozenset(_COMMON_TAGS.split())
"""Tags that are in their normal form already. They spare a build the loading of langcodes's tables,
which takes as long as reading a lesson."""
_COMMON = {tag.lower(): tag for tag in COMMON_TAGS}


@lru_cache(maxsize=1024)
def normalize_tag(text: str) -> str:
    """The tag in the form of BCP 47: `en_gb` becomes `en-GB`, `deu` becomes `de`.

    Raises ValueError if the text is not a tag, or if its language is not registered.
    """
    if common := _COMMON.get(text.strip().replace("_", "-").lower()):
        return common
    import langcodes
    from langcodes.tag_parser import LanguageTagError

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
    """The language without region and script, in lower case: `en` for `en-GB`. A text that is not a
    tag is cut at its first hyphen."""
    try:
        return normalize_tag(tag).partition("-")[0].lower()
    except ValueError:
        return tag.strip().replace("_", "-").partition("-")[0].lower()


def same_language(one: str, other: str) -> bool:
    """Whether two tags have the same language; regions and scripts do not count."""
    return primary(one) == primary(other)


def is_english(tag: str) -> bool:
    return primary(tag) == "en"


@lru_cache(maxsize=1024)
def direction(tag: str) -> Literal["ltr", "rtl"]:
    """The direction in which the language is written; from left to right if that is not known."""
    return "rtl" if find_script(tag) in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=1024)
def find_script(tag: str) -> str:
    """The ISO 15924 code of the script in which a language is mostly written; empty if that is not
    known."""
    import langcodes

    try:
        return langcodes.Language.get(normalize_tag(tag)).maximize().script or ""
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def three_letter_code(tag: str) -> str:
    """Return the ISO 639-2/T code of a tag's language, as MP4 stores it: `eng` for `en-US`.

    It is `und` (undetermined) if there is no such code.
    """
    import langcodes
    from langcodes.tag_parser import LanguageTagError

    try:
        code = str(langcodes.Language.get(tag, normalize=False).to_alpha3(variant="T"))
    except (LanguageTagError, LookupError):
        return "und"
    return code if code.isalpha() else "und"  # it gives back a private tag, such as x-a


# langcodes keeps the names of languages in another package, of 8 MB. These are the languages of
# most courses; of others, the tag is shown.
_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "gl": "Galician",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "und": "an unknown language",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def name_language(tag: str) -> str:
    """What a language is called in English, with its tag: "German (de-AT)"."""
    name = _NAMES.get(primary(tag))
    return f"{name} ({tag})" if name else tag


OWN_NAMES = {
    "ar": "العربية", "bg": "Български", "ca": "Català", "cs": "Čeština", "da": "Dansk",
    "el": "Ελληνικά", "et": "Eesti", "eu": "Euskara", "fa": "فارسی", "fi": "Suomi",
    "gl": "Galego", "he": "עברית", "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia",
    "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "nb": "Norsk bokmål", "nl": "Nederlands",
    "pl": "Polski", "ro": "Română", "ru": "Русский", "sk": "Slovenčina", "sl": "Slovenščina",
    "sr": "Српски", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська",
    "vi": "Tiếng Việt",
}  # fmt: skip
"""What languages call themselves, for links to pages in them. Those that pages are written in
(`narrate.words`) have their names there."""
