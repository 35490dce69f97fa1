"""What boxes are called in the language of a lesson."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from foundation.languages import primary
from lessons.course.settings import BoxManner

_FILE = Path(__file__).with_name("box_labels.toml")


def add_labels(manners: Mapping[str, BoxManner], language: str) -> Mapping[str, BoxManner]:
    """How boxes are shown and read, with the labels of a language where the settings give none.

    A language that `box_labels.toml` does not have gets the English labels.
    """
    labels = read_labels().get(primary(language))
    if labels is None:
        return manners
    named = dict(manners)
    for kind, label in labels.items():
        own = manners.get(kind, BoxManner())
        if own.label is None:
            named[kind] = own.model_copy(update={"label": label})
    return named


@cache
def read_labels() -> Mapping[str, Mapping[str, str]]:
    """The labels of each language, by their kinds."""
    return tomllib.loads(_FILE.read_text("utf-8"))
