"""A lesson in three languages becomes tracks and pages of one lesson."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import narrate
from lessons.course.settings import Settings
from narrate.errors import UsageError
from narrate.pipeline.lesson_graph import make_provenance_line

FRENCH = """\
# Premier

Une phrase courte. Et une deuxième : voilà !

## Liste

- Alpha est la première.
- Bêta est la deuxième.

## Fin

La fin arrive avec 3 kg de $x^2$.
"""


@pytest.fixture
def course(small_course: Path) -> Path:
    (small_course / "01-first.fr.md").write_text(FRENCH, "utf-8")
    spanish = FRENCH.replace("Une phrase courte.", "¿Una frase corta?")
    (small_course / "01-first.es.md").write_text(spanish, "utf-8")
    return small_course


def build(course: Path, **asked: Any) -> narrate.BuildResult:
    return narrate.build(course, only=["captions", "transcript"], jobs=1, **asked)


def list_outputs(result: narrate.BuildResult, kind: str = "captions") -> set[str]:
    outputs = (*result.made, *result.kept)
    return {o.path for o in outputs if o.kind == kind and o.format in ("vtt", "html")}


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if language := values.get("hreflang"):
            self.found.add((language, values.get("href") or ""))


def test_the_tracks_lie_in_the_folder_of_their_lesson(course: Path) -> None:
    result = build(course)
    assert not result.failures
    assert list_outputs(result) == {
        "01-first/captions.vtt", "01-first/captions.es.vtt", "01-first/captions.fr.vtt",
        "02-second/captions.vtt",
    }  # fmt: skip
    out = result.out / "01-first"
    assert "Language: fr" in (out / "captions.fr.vtt").read_text("utf-8")
    assert 'xml:lang="es"' in (out / "captions.es.ttml").read_text("utf-8")
    assert "deuxième\u00a0: voilà\u00a0!" in (out / "captions.fr.srt").read_text("utf-8")


def test_the_manifest_groups_them(course: Path) -> None:
    out = build(course).out
    document = json.loads((out / "manifest.json").read_text("utf-8"))
    tracks = {
        (o["lesson"], o["language"]) for o in document["outputs"] if o["kind"] == "transcript"
    }
    assert tracks == {
        ("01-first", "en-US"), ("01-first", "es"), ("01-first", "fr"), ("02-second", "en-US"),
    }  # fmt: skip
    (course / "01-first.es.md").unlink()
    build(course)
    document = json.loads((out / "manifest.json").read_text("utf-8"))
    assert not any(o["language"] == "es" for o in document["outputs"])


def test_the_pages_link_to_each_other(course: Path) -> None:
    out = build(course).out
    found = {}
    for name in ("transcript.html", "transcript.fr.html", "transcript.es.html"):
        found[name] = Links((out / "01-first" / name).read_text("utf-8")).found
    assert found["transcript.html"] == {
        ("es", "transcript.es.html"), ("fr", "transcript.fr.html"),
    }  # fmt: skip
    assert ("en-US", "transcript.html") in found["transcript.fr.html"]
    for links in found.values():
        assert all((out / "01-first" / href).is_file() for _, href in links)
    assert Links((out / "02-second" / "transcript.html").read_text("utf-8")).found == set()


@pytest.mark.parametrize(
    ("asked", "languages"),
    [
        ({"lesson": "01-first"}, {"", ".es", ".fr"}),
        ({"lesson": 1}, {"", ".es", ".fr"}),
        ({"lesson": "01-first.fr"}, {".fr"}),
        ({"lesson": "01-first.fr.md"}, {".fr"}),
        ({"lesson": "01-first", "language": "fr"}, {".fr"}),
        ({"language": "es"}, {".es"}),
        ({"lesson": "01-first", "language": "en"}, {""}),
    ],
)
def test_what_is_asked_for_is_built(
    course: Path, asked: dict[str, Any], languages: set[str]
) -> None:
    made = list_outputs(build(course, **asked))
    assert made == {f"01-first/captions{mark}.vtt" for mark in languages}


@pytest.mark.parametrize(
    ("language", "voice", "line"),
    [
        ("en-GB", "hibari", "Synthetic voice"), ("fr", "espeak", "Voix de synthèse"),
        ("ja", "kokoro", "合成音声"), ("sw", "espeak", "Synthetic voice"),
        ("fr", "silent", ""), ("fr", "recording", ""),
    ],
)  # fmt: skip
def test_videos_say_in_their_language_who_speaks(language: str, voice: str, line: str) -> None:
    settings = Settings.model_validate({"language": language, "voice": voice})
    assert make_provenance_line(settings, None) == line


def test_the_second_lesson_is_number_two(course: Path) -> None:
    assert list_outputs(build(course, lesson=2)) == {"02-second/captions.vtt"}


def test_one_slide_is_that_of_the_original_unless_a_language_is_named(course: Path) -> None:
    made = list_outputs(build(course, lesson="01-first", slide=2))
    assert made == {"01-first/slide-02/captions.vtt"}
    made = list_outputs(build(course, lesson="01-first", slide=2, language="fr"))
    assert made == {"01-first/slide-02/captions.fr.vtt"}


@pytest.mark.parametrize(
    ("language", "told"),
    [("it", "No lesson is in Italian (it)."), ("klingonish!", "is not the tag of a language")],
)
def test_a_language_that_is_not_there(course: Path, language: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        build(course, language=language)
    assert told in caught.value.message and "en-US, es, fr" in caught.value.remedy


def test_a_translation_costs_only_itself(course: Path) -> None:
    build(course)
    path = course / "01-first.fr.md"
    path.write_text(path.read_text("utf-8").replace("courte", "brève"), "utf-8")
    made = {output.path for output in build(course).made}
    assert made and all(".fr." in path for path in made)


def test_the_report_says_which_language_and_speaks_that_of_the_course(course: Path) -> None:
    text = (course / "course.yaml").read_text() + "language: de\n"
    (course / "course.yaml").write_text(text)
    result = narrate.build(course, draft=True, jobs=1)
    html = (result.out / "report.html").read_text("utf-8")
    assert '<html lang="de"' in html and "Bericht zur Barrierefreiheit" in html
    assert "Übersetzung von „First“" in html
    for tag, name in (("fr", "Français"), ("es", "Español")):
        assert f'<span lang="{tag}"' in html and name in html
    document = json.loads((result.out / "report.json").read_text("utf-8"))
    assert [(x["id"], x["language"], x["translates"]) for x in document["lessons"]] == [
        ("01-first", "de", ""), ("01-first.es", "es", "01-first"),
        ("01-first.fr", "fr", "01-first"), ("02-second", "de", ""),
    ]  # fmt: skip
