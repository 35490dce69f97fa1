from __future__ import annotations

from pathlib import Path

import pytest
from lesson_text import read_page

from lessons.dialects.jekyll import Jekyll
from lessons.model import Placeholder


def test_ids_classes_and_tables_of_contents_vanish(tmp_path: Path) -> None:
    text = (
        "# K {#id .cls}\n\nA paragraph.\n{: .no_toc}\n\n* TOC\n{:toc}\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n{: .table}\n\nA *span*{: .red} here.\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.lesson.dialect == "jekyll"
    assert shown.titles == ["K"]
    assert shown.visuals == ["a | b; 1 | 2"]
    assert shown.said == ["A paragraph.", "A span here."]


@pytest.mark.parametrize(
    ("text", "visual", "said"),
    [
        ("{: .note }\nTake care.", "[note; Take care.]", ["Note.", "Take care."]),
        ("Take care.\n{: .warning }", "[warning; Take care.]", ["Warning.", "Take care."]),
        (
            "{: .tip-title }\n> My title\n>\n> Text.",
            "[tip: My title; Text.]",
            ["My title", "Text."],
        ),
        ("{: .note }\n> - a\n> - b", "[note; - a; - b]", ["Note.", "a", "b"]),
        (
            "> ## T\n>\n> Text.\n{: .challenge}",
            "[challenge: T; Text.]",
            ["Challenge.", "T", "Text."],
        ),
    ],
)
def test_classes_that_name_boxes(tmp_path: Path, text: str, visual: str, said: list[str]) -> None:
    shown = read_page(tmp_path, "# A\n\n" + text, "jekyll")
    assert shown.visuals == [visual]
    assert shown.said == said


def test_liquid(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: Site\nbaseurl: /x\nteam: Us\n")
    (tmp_path / "_includes").mkdir()
    (tmp_path / "_includes" / "part.md").write_text("Included {{ include.what }}.\n")
    text = (
        "---\ntitle: Page\n---\n# {{ page.title }} of {{ site.title }}\n\n"
        "{% comment %}gone{% endcomment %}By {{ site.team }}{{ site.nothing }}.\n\n"
        "{% if a %}First.{% else %}Second.{% endif %}\n\n"
        "{% for x in y %}Never.{% endfor %}\n\n"
        "{% include part.md what='text' %}\n\n"
        "{% highlight python %}\nx = 1\n{% endhighlight %}\n\n"
        "{% raw %}Braces {{ x }}.{% endraw %} [Link]({{ site.baseurl }}{% link a.md %}).\n\n"
        "{% odd %} {% include video.html id='abc' title='My film' %}\n\n"
        "{% include note.html content='Careful.' %}\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.titles == ["Page of Site"]
    assert shown.said == [
        "By Us.", "First.", "Included text.", "Braces {{ x }}.", "Link.", "Note.", "Careful.",
    ]  # fmt: skip
    assert shown.visuals == ["python: x = 1", "(Video: My film)", "[note; Careful.]"]
    assert shown.rules == ["embed-placeholder", "shortcode-unknown"]
    unknown = shown.findings[1].problem
    assert "odd" in unknown.message
    assert unknown.place.line == 20


def test_code_keeps_its_braces(tmp_path: Path) -> None:
    shown = read_page(tmp_path, "# A\n\n```yaml\na: ${{ b }} {: .c}\n```\n\n`{{ x }}`", "jekyll")
    assert shown.visuals == ["yaml: a: ${{ b }} {: .c}"]


def test_the_menu_orders_the_pages(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: Site\nlang: de\n")
    for name, front in {
        "z.md": "title: Z\nnav_order: 1",
        "a.md": "title: A\nnav_order: 2",
        "child.md": "title: Child\nparent: Z",
        "README.md": "x: 1",
    }.items():
        (tmp_path / name).write_text(f"---\n{front}\n---\n# X\n")
    project = Jekyll().find_project(tmp_path)
    assert project is not None
    assert (project.title, project.language) == ("Site", "de")
    assert project.lessons == ("z.md", "child.md", "a.md")


def test_damaged_configuration_is_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: [x\n")
    project = Jekyll().find_project(tmp_path)
    assert project is not None
    assert project.lessons == ()


@pytest.mark.parametrize(
    ("text", "visuals", "said"),
    [
        ("Setext {#x .y}\n------\n\nText.", [], ["Text."]),
        ("HTML is old.\n\n*[HTML]: Hypertext", [], ["HTML is old."]),
        ("- a\n\n^\n- b\n", ["- a; - b"], ["a", "b"]),
        ("He said <<so it is>> and 1 << 2.", [], ["He said «so it is» and 1 << 2."]),
        ("| x | y |\n| z | w |\n{: .t}", [" | ; x | y; z | w"], []),
        ("|---\n| a | b\n|-|:-\n| 1 | 2\n|===\n| 3 | 4\n", ["a | b; 1 | 2; 3 | 4"], []),
        ("The angle \\\\(\\alpha\\\\) and $$b$$.", [], ["The angle α and b."]),
        ("One\\\\\ntwo.", [], ["One two."]),
        (
            "{% capture n %}A *b* of {{ page.dialect }}.{% endcapture %}\n"
            "<div class='notice'>{{ n | markdownify }}</div>\n",
            ["[callout; A b of jekyll.]"],
            ["A b of jekyll."],
        ),
        (
            "{% details More *here* %}\nText.\n{% enddetails %}\n{% note %}\nMind.\n{% endnote %}",
            ["[details: More here; Text.]", "[note; Mind.]"],
            ["More here", "Text.", "Note.", "Mind."],
        ),
        ("{% note %} a {% enddetails %}", [], ["a"]),
        ("{% tabs x %}{% tab x php %}\nA.\n{% endtab %}{% endtabs %}", ["[plain: php; A.]"],
         ["php", "A."]),
        ("{% codeblock lang:ruby %}\n{% x %}\n{% endcodeblock %}", ["ruby: {% x %}"], []),
        ("So {% katex %}x^2{% endkatex %} grows.", [], ["So x² grows."]),
        ("{% mermaid %}\na-->b\n{% endmermaid %}", ["<mermaid: a-->b>"], []),
    ],
)  # fmt: skip
def test_signs_of_kramdown_and_usual_tags(
    tmp_path: Path, text: str, visuals: list[str], said: list[str]
) -> None:
    shown = read_page(tmp_path, "# A\n\n" + text, "jekyll")
    assert shown.visuals == visuals
    assert shown.said == said


def test_formulas_in_pages_and_captions(tmp_path: Path) -> None:
    text = (
        "<h2>The number \\(\\pi \\)</h2>\n\n<p>We take \\(\\vec {a}_i\\) and get "
        "\\begin {equation} a = b \\label {eq:a} \\end {equation} from Eq. \\eqref{eq:a}.</p>\n\n"
        "{% include img.html src='a.png' caption='Where $$x_1$$ is [one](b.md)' %}\n\n"
        "- $$X$$, and $$Y$$ is $$Z$$\n\nA [[literal]] text.\n"
    )
    shown = read_page(tmp_path, text, "jekyll")
    assert shown.titles == ["The number π"]
    assert shown.said[0] == "We take a⃗ᵢ and get"
    assert "from Eq. (1)." in shown.said
    assert "A [[literal]] text." in shown.said
    pictures = [v for v in shown.lesson.slides[0].visuals if isinstance(v, Placeholder)]
    assert [picture.alt for picture in pictures] == ["Where x₁ is one"]
    assert any("X, and Y is Z" in visual for visual in shown.visuals)
