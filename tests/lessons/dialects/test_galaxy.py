from __future__ import annotations

from pathlib import Path

from lesson_text import read_page


def test_boxes_tags_and_the_agenda(tmp_path: Path) -> None:
    text = (
        "# Galaxy\n\n> <hands-on-title>Do it</hands-on-title>\n>\n> 1. Click **Run**.\n>\n"
        "> {% snippet faqs/galaxy/x.md %}\n>\n{: .hands_on}\n\nCited in {% cite Batut2018 %}.\n\n"
        "> <question-title></question-title>\n> 1. TOC\n> {:toc}\n{: .agenda}\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.lesson.dialect == "galaxy"
    assert shown.visuals == ["[hands-on: Do it; 1. Click Run.]"]
    assert shown.said == ["Hands-on.", "Do it", "Click Run.", "Cited in."]
    assert shown.rules == ["include-missing"]


def test_a_tutorial(tmp_path: Path) -> None:
    (tmp_path / "tutorial.bib").write_text(
        "@article{a1, author={Batut, B. and Roe, R.}, year={2018}, title={T}}\n"
    )
    (tmp_path / "faq.md").write_text("---\ntitle: F\n---\nPress the button.\n")
    text = (
        "---\nlayout: tutorial_hands_on\ntitle: Maps\nobjectives:\n- Map reads\n"
        "time_estimation: 1H30M\n"
        "key_points:\n- Maps help\n---\n## First\n\nAs {% cite a1 %} says, use "
        "{% tool [BWA](toolshed/x/1.0) %} {% icon param-file %}.\n\n"
        "> <question-title>Q</question-title>\n>\n> Why?\n>\n"
        "> > <solution-title></solution-title>\n> >\n> > Because.\n> {: .solution}\n"
        "{: .question}\n\n"
        "> <tip-title>How</tip-title>\n>\n> {% snippet faq.md %}\n{: .tip}\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.lesson.title == "Maps"
    assert shown.visuals == [
        "[objectives; - Map reads]",
        "Time estimation: 1 h 30 min",
        "BWA",
        "[question: Q; Why?; [solution; Because.]]",
        "[tip: How; Press the button.]",
        "[keypoints; - Maps help]",
    ]
    assert shown.said == [
        "Objectives.", "Map reads", "As Batut and Roe, 2018 says, use BWA.", "Question.", "Q",
        "Why?", "Solution.", "Because.", "How", "Press the button.", "Key points.", "Maps help",
    ]  # fmt: skip


def test_slides(tmp_path: Path) -> None:
    text = (
        "---\nlayout: tutorial_slides\ntitle: Maps\n---\n# One\n\n- a {% cite x %}\n\n"
        "???\n\nSaid first.\n\n---\n\n# Two\n\n![A](a.png)\n\n???\n\nSaid second.\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.titles == ["One", "Two"]
    assert shown.visuals == ["- a", "(Picture: a.png)"]
    assert shown.said == ["Said first.", "Said second."]
