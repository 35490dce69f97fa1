"""What a lesson's front matter sets for its translations too."""

from __future__ import annotations

from lessons.course.setting_layers import read_what_fits
from lessons.course.settings import LessonKeys
from lessons.dialects.base import METADATA_KEYS
from lessons.markdown.front_matter import read_front_matter
from lessons.wordset import word_set

OWN = word_set("title language voice recording")
"""Settings that each language has for itself: another language wants other words and voices."""


def read_shared_keys(text: str, path: str) -> LessonKeys:
    """The settings in a lesson's front matter that hold for its translations too.

    What cannot be used is left out: it is reported where the lesson itself is read.
    """
    found = read_what_fits(read_front_matter(text, path).values, foreign=METADATA_KEYS).keys
    kept = {name: getattr(found, name) for name in found.model_fields_set - OWN}
    shared = LessonKeys.model_construct(_fields_set=set(kept), **kept)
    shared._places = {k: p for k, p in found._places.items() if k.partition(".")[0] in kept}
    return shared
