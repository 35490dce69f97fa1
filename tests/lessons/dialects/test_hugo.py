from __future__ import annotations

from pathlib import Path

import pytest
from lesson_text import read_page

from lessons.dialects.hugo.dialect import Hugo


def test_embeds_notices_and_emoji_codes(tmp_path: Path) -> None:
    text = (
        "# Hugo\n\n{{< youtube abc123 >}}\n\n{{% notice tip %}}\nA tip.\n{{% /notice %}}\n\n"
        "Text :smile: with an emoji code.\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.lesson.dialect == "hugo"
    assert shown.visuals == ["(Video: youtube abc123)", "[tip; A tip.]"]
    assert shown.said == ["Tip.", "A tip.", "Text 😄 with an emoji code."]
    assert shown.rules == ["embed-placeholder"]


@pytest.mark.parametrize(
    ("text", "visuals", "said"),
    [
        ('{{< figure src="a.png" caption="C" >}}', ["(Picture: a.png)"], []),
        ('{{< hint warning >}}\nW\n{{< /hint >}}', ["[warning; W]"], ["Warning.", "W"]),
        ('{{< alert title="T" color="info" >}}x{{< /alert >}}', ["[info: T; x]"], ["T", "x"]),
        ('{{< callout type="tip" >}}x{{< /callout >}}', ["[tip; x]"], ["Tip.", "x"]),
        ('{{% expand "More" %}}x{{% /expand %}}', ["[details: More; x]"], ["More", "x"]),
        ('{{< tabs >}}{{< tab "One" >}}a{{< /tab >}}{{< tab "Two" >}}b{{< /tab >}}{{< /tabs >}}',
         ["[plain: One; a]", "[plain: Two; b]"], ["One", "a", "Two", "b"]),
        ("{{< highlight go >}}\nx := 1\n{{< /highlight >}}", ["go: x := 1"], []),
        ("{{< columns >}}\n- a\n<--->\n- b\n{{< /columns >}}", ["|0.5; - a; |0.5; - b; |"],
         ["a", "b"]),
        ('a {{< icon "x" >}} [b]({{< ref "c.md" >}}) {{< relref "some-page" >}}', [],
         ["a b some page"]),
        ("Write {{</* figure */>}}.", [],
         ["Write {{<\u202ffigure\u202f>}}."]),
        ('```\n{{</* figure src="a" */>}}\n```', ['code: {{< figure src="a" >}}'], []),
        ("{{< columns >}}\na <---> <!-- next -->\nb\n{{< /columns >}}", [], ["a", "b"]),
        ("{{< comment >}}not *this*{{< /comment >}} but this", [], ["but this"]),
        ('{{< card link="x" title="Callout" subtitle="what it is" >}}', ["Callout"],
         ["Callout what it is"]),
        ('{{< spoiler text="Look" >}}x{{< /spoiler >}}', ["[details: Look; x]"], ["Look", "x"]),
        ("the angle \\(\\alpha\\) and \\\\(\\beta\\\\)", [], ["the angle α and β"]),
        ("{{< odd >}}kept{{< /odd >}}", [], ["kept"]),
        ('{{< katex >}}x^2{{< /katex >}} grows.', [], ["x² grows."]),
        ("{{<tabs>}}\n===[[A]]===\nx\n===[[B]]===\ny\n{{</tabs>}}",
         ["[plain: A; x]", "[plain: B; y]"], ["A", "x", "B", "y"]),
        ("A heading\n{.lead}", [], ["A heading"]),
        ("```go\n{{< x >}}\n```", ["go: {{< x >}}"], []),
    ],
)  # fmt: skip
def test_short_codes(tmp_path: Path, text: str, visuals: list[str], said: list[str]) -> None:
    shown = read_page(tmp_path, "# A\n\n" + text, "hugo")
    assert shown.visuals == visuals
    assert shown.said == said


def test_pages_are_ordered_by_weight(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text('title = "Site"\nlanguageCode = "en-GB"\n')
    for name, front in {
        "content/_index.md": 'title = "Home"',
        "content/b/_index.md": 'title = "B"\nweight = 1',
        "content/b/two.md": "weight = 2",
        "content/b/one.md": "weight = 1",
        "content/a/index.md": "weight = 5",
        "content/draft.md": "draft = true",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"+++\n{front}\n+++\n\n{'' if name.endswith('b/_index.md') else 'Text.'}\n")
    project = Hugo().find_project(tmp_path)
    assert project is not None
    assert (project.title, project.language) == ("Site", "en-GB")
    assert project.lessons == (
        "content/_index.md", "content/b/one.md", "content/b/two.md", "content/a/index.md",
    )  # fmt: skip
    assert "static" in project.media


def test_slides_of_reveal(tmp_path: Path) -> None:
    text = (
        "---\ntype: slides\ndialect: hugo\n---\n# A\n\n"
        "{{< speaker_note >}}Said.{{< /speaker_note >}}\n\n---\n\n# B\n"
    )
    shown = read_page(tmp_path, text, "hugo")
    assert shown.titles == ["A", "B"]
    assert shown.said == ["Said."]


def test_notes_and_pictures_behind_slides_of_reveal(tmp_path: Path) -> None:
    text = (
        "\n+++\ntitle = 'T'\noutputs = ['Reveal']\ndialect = 'hugo'\n+++\n# A\n\n"
        "{{% note %}}\nSaid.\n{{% /note %}}\n\n{{% section %}}\n\n---\n\n"
        '{{< slide background-image="b.png" >}}\n\n# B\n\n'
        '{{< frag c="*more*" >}}\n\n{{% /section %}}\n'
    )
    shown = read_page(tmp_path, text)
    assert shown.titles == ["A", "B"]
    assert shown.visuals == ["(Picture: b.png)", "more"]
    assert shown.said == ["Said."]
