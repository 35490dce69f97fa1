"""Where sentences end in prose."""

from __future__ import annotations

import re

from lessons.speakable.abbreviations import BEFORE_NUMBER, NEVER_LAST, OFTEN_LAST
from lessons.speakable.locales import GERMAN_MONTHS
from lessons.wordset import word_set

_OPENING = "([{\"'“‘«„‚¿¡"
CLOSING = ")]}\"'”’»」』）"
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_STOPS = ".!?…。！？।॥؟۔"  # also of Chinese, Japanese, Hindi, Arabic and Urdu


# After initials and abbreviations, these words begin a sentence rather than a name.
_OPENERS = word_set(
    "the a an this that these those it its he she they we you in on at for when where while if "
    "but and so then there here what why how who now one let each every some many most all after "
    "before because as however"
)


def ends_sentence(word: str, following: str | None) -> bool:
    """Whether a sentence ends with `word`, given the next word of the paragraph (None: no word)."""
    bare = word.rstrip(CLOSING)
    stop = bare[len(bare.rstrip(_STOPS)) :]
    if not stop:
        return False
    if following is None:
        return True
    if not following.strip(CLOSING):  # brackets that stand apart, "etc. )"
        return False
    start = following.lstrip(_OPENING)[:1]
    if start.islower() or following in ("–", "—", "-"):
        return False
    if word[-1:] in "」』" and "\u3041" <= start <= "\u309f":
        return False  # 「なぜ？」と聞く: a particle follows what is quoted
    if stop != ".":
        return True
    core = bare.lstrip(_OPENING).casefold()
    name = following.rstrip(".,;:!?")
    if name in GERMAN_MONTHS and re.fullmatch(r"[1-3]?\d\.", core):
        return False  # "3. Mai"; English does not write days like this
    if core in BEFORE_NUMBER and (start.isdigit() or start == "\ufffc" or following[0] == "("):
        return False
    if core in NEVER_LAST:
        return False
    if core == "st.":  # saint or street
        return following.rstrip(".,;:").casefold() in _OPENERS
    if core in OFTEN_LAST:
        return start.isupper()
    if len(core) < 20 and _INITIALS.fullmatch(core):
        return following.lstrip(_OPENING).rstrip(".,;:").casefold() in _OPENERS
    return True
