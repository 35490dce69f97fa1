from __future__ import annotations

import json

from foundation.problem import Place, Problem
from lessons.model import Box, Columns, Finding, Lesson, Picture, Slide, Token, Utterance
from narrate.captions import PROFILES
from narrate.documents.report import (
    CourseReport,
    LessonReport,
    list_human_tasks,
    report_lesson,
    write_report_html,
    write_report_json,
)
from narrate.vocabulary import Cue
from narrate.words import find_words

BBC = PROFILES["bbc"]
TOKENS = tuple(Token(word, word, 0, 0) for word in ("Light", "is", "fast."))
LESSON = Lesson(
    "01-light",
    "Light <b>",
    "01-light.md",
    "script",
    (
        Slide(
            1,
            "Light",
            (Picture("a.png", "A torch."), Picture("b.png", "")),
            (Utterance(TOKENS, 0, 3),),
            1,
        ),
    ),
)
CUE = Cue(300, 1500, ("Light is fast.",))


def results(report: LessonReport) -> dict[str, str]:
    return {check.id: check.result for check in report.checks}


def test_the_report_does_not_call_unchecked_things_right() -> None:
    report = report_lesson(LESSON, profile=BBC)
    assert results(report) == {
        "caption-words": "not checked",
        "caption-rules": "not checked",
        "speech-words": "not checked",
        "picture-descriptions": "findings",
        "transcript": "not checked",
    }
    assert report.figures.captions is None and report.figures.duration_ms is None


def test_good_captions_and_speech_have_no_findings() -> None:
    report = report_lesson(
        LESSON, profile=BBC, cues=[CUE], duration_ms=2000, speech=[], transcript_made=True
    )
    assert results(report) == {
        "caption-words": "no finding",
        "caption-rules": "no finding",
        "speech-words": "no finding",
        "picture-descriptions": "findings",
        "transcript": "no finding",
    }
    assert report.figures.spoken_words_per_minute == 90.0
    assert report.figures.captions is not None
    assert report.figures.captions.mean_words_per_minute == 150.0
    assert report.findings == ()


def test_lost_words_fast_captions_and_doubtful_speech_are_findings() -> None:
    doubt = Finding(
        "not-said", "error", Problem("“fast” was heard as “last”.", "", Place("01-light.md", 3, 1))
    )
    hasty = Cue(300, 600, ("Light is",))
    report = report_lesson(LESSON, profile=BBC, cues=[hasty], speech=[doubt])
    found = results(report)
    assert found["caption-words"] == found["caption-rules"] == found["speech-words"] == "findings"
    assert [finding.rule for finding in report.findings] == [
        "not-said",
        "caption-too-fast",
        "caption-too-short",
        "captions-too-fast",
    ]


def test_a_gap_at_a_slide_change_is_allowed() -> None:
    cues = [CUE, Cue(2000, 4000, ("And bright.",))]
    assert results(report_lesson(LESSON, profile=BBC, cues=cues))["caption-rules"] == "findings"
    report = report_lesson(LESSON, profile=BBC, cues=cues, slide_starts=[0, 1700])
    assert results(report)["caption-rules"] == "no finding"


def test_the_json_holds_measurements_findings_and_human_tasks() -> None:
    lesson = report_lesson(LESSON, profile=BBC, cues=[Cue(0, 0, ("x",))])
    document = json.loads(
        write_report_json(
            CourseReport(
                "light", "Light", "en-US", (lesson,), (Finding("c", "note", Problem("m")),)
            )
        )
    )
    assert document["conformance_claimed"] is None
    assert document["lessons"][0]["checks"][0]["id"] == "caption-words"
    assert [task["title"] for task in document["for_people"]] == [
        t.title for t in list_human_tasks(find_words("en"))
    ]
    assert document["findings"][0]["rule"] == "c"


def test_the_page_shows_everything_escaped_and_claims_nothing() -> None:
    finding = Finding(
        "not-said", "error", Problem("“a” <i>", "Fix & go.", Place("01-light.md", 3, 1))
    )
    lesson = report_lesson(LESSON, profile=BBC, cues=[CUE], duration_ms=61_000, speech=[finding])
    html = write_report_html(CourseReport("light", "Light & Sight", "de-DE", (lesson,)))
    for expected in (
        "Light &amp; Sight",
        "Light &lt;b&gt;",
        "“a” &lt;i&gt;",
        "Fix &amp; go.",
        "01-light.md:3 (slide 1)",
        "<dd>1:01</dd>",
        "behauptet keine Konformität",
        '<p class="soft" lang="de-DE">',
    ):
        assert expected in html, expected
    assert all(task.title in html for task in list_human_tasks(find_words("de")))
    assert "<script" not in html and "://" not in html and 'src="' not in html


def test_pictures_in_boxes_and_columns_are_counted() -> None:
    inside = Box("note", "Note", (), (Columns(((Picture("a.png", "A torch."),),), (1.0,)),))
    slide = Slide(1, "Light", (inside, Picture("b.png", "")), (Utterance(TOKENS, 0, 3),), 1)
    report = report_lesson(Lesson("a", "A", "a.md", "deck", (slide,)), profile=BBC)
    assert report.figures.pictures == 2
    (check,) = [c for c in report.checks if c.id == "picture-descriptions"]
    assert "1 of 2" in check.detail
