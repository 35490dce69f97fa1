"""Translations are known by their names, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from lessons.translations.names import (
    NamedTrack,
    find_tracks,
    make_track_ids,
    order_tracks,
    split_name,
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("01-light.fr.md", ("01-light.md", "fr")),
        ("a/b.c/index.pt-br.md", ("a/b.c/index.md", "pt-BR")),
        ("README.zh-CN.md", ("README.md", "zh-CN")),
        ("talk.zh_tw.qmd", ("talk.qmd", "zh-TW")),
        ("talk.zh-Hant.md", ("talk.md", "zh-Hant")),
        ("01.FR.md", ("01.md", "fr")),
    ],
)
def test_the_tag_before_the_suffix_is_the_language(path: str, found: tuple[str, str]) -> None:
    assert split_name(path) == found


@pytest.mark.parametrize(
    "path",
    [
        "01-intro.py.md", "notes.old.md", "a.draft.md", "v1.2.md", "intro.js.md", ".fr.md", "fr.md",
        "slides.html.md", "a.test.md", "chapter.1.md", "x.en-.md", "x.fr-xyzzy-q.md", "..fr.md",
    ],
)  # fmt: skip
def test_other_names_are_no_translations(path: str) -> None:
    assert split_name(path) is None


def test_a_translation_needs_an_original() -> None:
    assert find_tracks(["a.fr.md", "b.md"]) == {}
    assert find_tracks(["a.md", "a.fr.md"]) == {"a.fr.md": NamedTrack("a.md", "fr")}
    assert find_tracks(["a.md", "sub/a.fr.md"]) == {}
    assert find_tracks(["a.qmd", "a.fr.md"]) == {}


def test_where_all_names_have_a_language_the_usual_one_is_the_original() -> None:
    paths = ["index.en.md", "index.fr.md"]
    assert {t.original for t in find_tracks(paths).values()} == {"index.en.md"}
    assert {t.original for t in find_tracks(paths, "fr-CA").values()} == {"index.fr.md"}
    assert find_tracks(paths, "fr")["index.fr.md"].language == "fr"


def test_two_names_of_one_language_are_two_lessons() -> None:
    tracks = find_tracks(["a.md", "a.fr.md", "a.FR.md"])
    assert list(tracks) == ["a.fr.md"]
    ids = make_track_ids({"a.md": "a", "a.fr.md": "a.fr", "a.FR.md": "a.FR"}, tracks)
    assert len({id.casefold() for id in ids.values()}) == 3


@pytest.mark.parametrize(("seen", "taken"), [("cs", True), ("", True), ("en", False)])
def test_the_text_decides_where_a_tag_is_that_of_a_program(seen: str, taken: bool) -> None:
    tracks = find_tracks(["a.md", "a.cs.md"], recognise=lambda path: seen)
    assert bool(tracks) is taken


def test_translations_stand_behind_their_originals() -> None:
    paths = ["01.es.md", "01.md", "02.fr.md", "01.de.md", "02.md"]
    ordered = order_tracks(paths, find_tracks(paths))
    assert ordered == ("01.md", "01.de.md", "01.es.md", "02.md", "02.fr.md")


def test_ids_of_translations_begin_with_that_of_the_original() -> None:
    tracks = find_tracks(["a/x.md", "a/x.fr.md", "b/x.md"])
    ids = {"a/x.md": "a-x", "a/x.fr.md": "x.fr", "b/x.md": "b-x"}
    assert make_track_ids(ids, tracks)["a/x.fr.md"] == "a-x.fr"
    paths = ["x.en.md", "x.fr.md"]
    ids = {path: path.removesuffix(".md") for path in paths}
    named = make_track_ids(ids, find_tracks(paths))
    assert named == {"x.en.md": "x", "x.fr.md": "x.fr"}
