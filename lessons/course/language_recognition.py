"""Recognises in which language a lesson is written, for lessons whose settings do not say."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from lessons.wordset import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_SAMPLE = 20_000  # characters; more of them change no answer
LEAST_LETTERS = 60
"""Of fewer letters nothing is recognised: names and terms are most of such a text."""
LEAST_WIDE_LETTERS = 15  # a Chinese, Japanese or Korean letter says as much as a short word
LEAST_CONFIDENCE = 0.9
"""Of 400 English lessons none was taken for another language even at 0.8, nor any other lesson."""

# Languages that courses are written in. Without this limit, short English lessons full of names are
# taken for Latin, Luxembourgish and the like.
LANGUAGES = word_set(
    """
    af ar bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk
    km kn ko lt lv mk ml mn mr ms nb ne nl pa pl pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur
    vi xh zh zu
    """
)
"""Languages that courses are written in, as tags."""
_ALIKE = {"no": "nb", "nn": "nb"}

_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})")
_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_NOISE = re.compile(
    r"`[^`\n]{1,300}`"  # code
    r"|\$[^$\n]{1,300}\$"  # formulas
    r"|\bhttps?://\S+|\bwww\.\S+"
    r"|\]\([^()\n]{0,500}\)"  # addresses of links
    r"|</?[A-Za-z][^<>\n]{0,500}>"
    r"|\{[%{][^{}\n]{0,300}[%}]\}"
    r"|\{[#.:][^{}\n]{0,300}\}"
    r"|\\[A-Za-z]+"
    r"|&\w+;"
    r"|\S*[/_=@\\]\S*"  # paths and names of programs
)
_LETTERS = re.compile(r"[^\W\d_]+")
# Words that every English text is full of and that, together, no other language has. They spare
# most lessons the loading of the identifier.
_ENGLISH = word_set("the of and is to that this with you are for it")
_LEAST_ENGLISH = (
    0.14  # of all words; in a fifth of the English lessons that were measured it is less
)
_WIDE = re.compile(r"[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]")


def recognise_language(text: str) -> str:
    """The tag of the language in which a lesson is written; empty if that is not sure."""
    words = " ".join(_find_words(text))
    if _is_plainly_english(words.lower().split()):
        return "en"
    letters = sum(map(len, words.split()))
    wide = len(_WIDE.findall(words))
    if letters < LEAST_LETTERS and wide < LEAST_WIDE_LETTERS:
        return ""
    language, confidence = _open_identifier().classify(words.lower())
    if confidence < LEAST_CONFIDENCE:
        return ""
    return _ALIKE.get(str(language), str(language))


def _is_plainly_english(words: list[str]) -> bool:
    known = sum(word in _ENGLISH for word in words)
    return len(words) >= 20 and "the" in words and known >= _LEAST_ENGLISH * len(words)


def _find_words(text: str) -> Iterator[str]:
    """The words of the prose, without code and markup, as many as are looked at."""
    text = _FRONT.sub("", text[: 10 * LARGEST_SAMPLE], count=1)
    found, fence = 0, ""
    for line in text.split("\n"):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not line.strip(" \t>`~"):
                fence = ""
            continue
        if fence or line.startswith(("    ", "\t")):
            continue
        for word in _LETTERS.findall(_NOISE.sub(" ", line[:2000])):
            yield word
            found += len(word)
        if found > LARGEST_SAMPLE:
            return


@cache
def _open_identifier() -> Any:
    # Loading takes as long as reading some lessons, so it waits until a lesson needs it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = {str(label) for label in identifier.labels}
    identifier.set_languages(sorted(known & {*LANGUAGES, *_ALIKE}))
    return identifier
