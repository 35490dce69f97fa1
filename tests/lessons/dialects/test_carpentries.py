"""Episodes of The Carpentries, for the Workbench and for the older template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lessons.dialects.base import Context, Project, Sample
from lessons.dialects.carpentries import Carpentries
from lessons.markdown.lesson import parse_lesson
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source
from lessons.model import Box, Code, ItemList, Lesson, Picture, Visual

AssertLinear = Callable[[Callable[[str], object], str], None]

Parse = Callable[[str], Lesson]


def rewrite(
    text: str,
    front: Mapping[str, object] | None = None,
    root: Path = Path(),
    project: Project | None = None,
) -> str:
    """The lines that are not blank, with `@` for the sign of a marker and `|` between lines."""
    context = Context("episodes/a.md", root, front or {}, project)
    made = Carpentries().read(Source.of("episodes/a.md", text), context).source.text
    return "|".join(line for line in made.replace(MARK, "@").split("\n") if line.strip())


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (":::::: questions\n\n- What?\n\n::::::", "@box questions|- What?|@end"),
        ("::::: challenge\n\n## Can *you*?\n\nTry.\n\n:::: solution\n\n## Output\n\nYes.\n\n::::"
         "\n:::::",
         "@box challenge@Can *you*?|Try.|@box solution@Output|Yes.|@end|@end"),
        (":::: instructor\nPsst.\n::::\nA", "@box instructor|Psst.|@end|A"),
        (":::: spoiler\n### More\nA\n::::", "@box details@More|A|@end"),
        (":::: group-tab\n\n### Windows\n\nA\n\n### Linux\n\nB\n\n::::",
         "**Windows**|A|**Linux**|B"),
        ("![A cap](fig/a.png){alt='What it \\_shows\\_ for $x and `y`'}",
         '![What it shows for &#36;x and y](fig/a.png "A cap")'),
        ("![](fig/a.png){alt=\"It's here\" width=\"50%\"}",
         '![It\'s here](fig/a.png)<narrate-width share="0.5"/>'),
        ("![](fig/a.png){.shadow alt=\"It shows\n'a' \"}", "![It shows 'a'](fig/a.png)"),
        ("[setup][setup] is [{sandpaper}]", "setup is [{sandpaper}]"),
        ("```bash\n$ ls\n```\n\n```output\na\n```", "```bash|$ ls|```|```output|a|```"),
        ("[GitHub]({{ site.github }}) {{ page.root }}a\n{: .x}", "[GitHub]() a"),
        ("Run `{{ x }}` at $HOME.", "Run `{{ x }}` at $HOME."),
    ],
)  # fmt: skip
def test_the_workbench(text: str, right: str) -> None:
    assert rewrite(text) == right


FRONT = {
    "title": "Files",
    "teaching": 15,
    "exercises": 5,
    "questions": ["What is `cd`?", None],
    "objectives": ["Copy *files*"],
    "keypoints": ["Files are: copied"],
}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("> ## Title {#id}\n> A\n>\n> B\n{: .callout}\nC", "@box callout@Title|A|B|@end|C"),
        (">## Title\n>A\n{: .prereq}", "@box prerequisites@Title|A|@end"),
        ("> ## Try\n> A\n> > ## Answer\n> > B\n> > ~~~\n> > c\n> > ~~~\n> > {: .output}\n"
         "> {: .solution}\n{: .challenge}",
         "@box challenge@Try|A|@box solution@Answer|B|~~~output|c|~~~|@end|@end"),
        ("> Only a quote\n\nA", "> Only a quote|A"),
        ("> A quote\n{: .quotation}", "> A quote"),
        ("> ## Lazy\n> One\nand more\n{: .callout}", "@box callout@Lazy|One|and more|@end"),
        ("~~~\nls\n~~~\n{: .language-bash}", "~~~bash|ls|~~~"),
        ("~~~bash\nls\n~~~\n{: .source}", "~~~bash|ls|~~~"),
        ("- a\n  ~~~\n  b\n  ~~~\n  {: .output}\n- c", "- a|  ~~~output|  b|  ~~~|- c"),
        ("> ## A\n> B\n{: .callout}\n\n{% include links.md %}", "@box callout@A|B|@end"),
        ("A\n{: .x}\n\n{% comment %}\nno\n{% endcomment %}B {% raw %}c{% endraw %}", "A|B c"),
        ("[a]({{ page.root }}{% link _episodes/b.md %})", "[a](_episodes/b.md)"),
        ('{% include figure.html url="{{ page.root }}/fig/a.svg" alt="An *alt*" caption="Cap" %}',
         '![An alt](</fig/a.svg> "Cap")'),
        ("![x]({{ page.root }}/fig/x.svg)", "![x](/fig/x.svg)"),
        ("Set $HOME and $PATH, $$a^2$$.", "Set \\$HOME and \\$PATH, $$a^2$$."),
        ("~~~\n> ## A\n{: .callout}\n~~~", "~~~|> ## A|{: .callout}|~~~"),
    ],
)  # fmt: skip
def test_the_older_template(text: str, right: str) -> None:
    made = rewrite(text, {"keypoints": []})
    assert made == right


def test_the_points_of_the_front_matter_are_boxes() -> None:
    assert rewrite("Text.", FRONT) == (
        "@box questions|- What is `cd`?|@end|@box objectives|- Copy *files*|@end|Text.|"
        "@box keypoints|- Files are: copied|@end"
    )


def test_an_episode_is_shown_and_spoken(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Files\nteaching: 15\nexercises: 5\n---\n\n"
        ":::::: objectives\n\n- Learn one thing.\n\n::::::\n\n"
        "## Copying\n\nCopy it.\n\n```bash\ncp a b\n```\n\n"
        ":::: challenge\n\n## Not a slide?\n\nTry `cp`.\n\n::::\n\n"
        ":::: instructor\n\nWait for them.\n\n::::\n"
    )
    lesson = parse_lesson(text, path="a.md", root=tmp_path)
    assert (lesson.dialect, lesson.shape, lesson.title) == ("carpentries", "script", "Files")
    first, second = lesson.slides
    assert (first.title, second.title) == ("Files", "Copying")
    assert first.written == "Objectives. Learn one thing."
    (box,) = first.visuals
    assert isinstance(box, Box)
    assert isinstance(box.content[0], ItemList)
    assert second.written == "Copy it. Challenge. Not a slide? Try cp."
    kinds: list[type[Visual]] = [type(visual) for visual in second.visuals]
    assert kinds == [Code, Box]


def test_pictures_are_found_from_the_root_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("carpentry: swc\ntitle: T\nlang: es\n")
    (tmp_path / "_episodes").mkdir()
    (tmp_path / "_episodes" / "02-b.md").write_text("B")
    (tmp_path / "_episodes" / "01-a.md").write_text("A")
    project = Carpentries().find_project(tmp_path)
    assert project is not None
    assert (project.title, project.language) == ("T", "es")
    assert project.lessons == ("_episodes/01-a.md", "_episodes/02-b.md")


def test_the_workbench_names_its_episodes(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "carpentry: swc\ntitle: T\nlang: en\nepisodes:\n- b.md\n- a.Rmd\n- ../x.md\n- gone.md\n"
    )
    (tmp_path / "episodes").mkdir()
    for name in ("a.Rmd", "b.md"):
        (tmp_path / "episodes" / name).write_text("A")
    project = Carpentries().find_project(tmp_path)
    assert project is not None
    assert project.lessons == ("episodes/b.md", "episodes/a.Rmd")
    assert project.media == ("episodes",)
    (tmp_path / "config.yaml").write_text("carpentry: swc\nepisodes:\n")
    project = Carpentries().find_project(tmp_path)
    assert project is not None
    assert project.lessons == ("episodes/a.Rmd", "episodes/b.md")


def test_texts_that_a_page_includes_are_read(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("carpentry: hpc\nsnippets: /lib\nhost: {name: graham}\n")
    (tmp_path / "_includes" / "lib").mkdir(parents=True)
    (tmp_path / "_includes" / "lib" / "a.snip").write_text("Log in to {{ site.host.name }}.\n")
    project = Carpentries().find_project(tmp_path)
    text = "{% include {{ site.snippets }}/a.snip %}"
    assert rewrite(text, {"questions": []}, tmp_path, project) == "Log in to graham."
    text = (
        "`ssh {{ site.host.name }}`, `{% raw %}{{ site.host.name }}{% endraw %}`, "
        "`${{ env.x }}`, `a{{ site.b }}`"
    )
    made = rewrite(text, {"questions": []}, tmp_path, project)
    assert made == "`ssh graham`, `{{ site.host.name }}`, `${{ env.x }}`, `a`"


def test_the_links_under_every_page_are_known(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("carpentry: swc\n")
    (tmp_path / "links.md").write_text("[a]: http://b.c\n")
    project = Carpentries().find_project(tmp_path)
    assert rewrite("[x][a] [y][z]", {}, tmp_path, project) == "[x][a] y|[a]: http://b.c"
    (tmp_path / "_includes").mkdir()
    (tmp_path / "_includes" / "links.md").write_text("[a]: {{ site.x }}/b\n")
    text = "[x][a]\n\n{% include links.md %}"
    assert rewrite(text, {"questions": []}, tmp_path, project) == "[x][a]|[a]: /b"


def test_episodes_are_known_by_their_signs() -> None:
    score = Carpentries().score
    assert score(Sample("a.md", "A", FRONT)) == 88
    assert score(Sample("a.md", "> ## A\n{: .challenge}")) == 72
    assert score(Sample("a.md", "::::: keypoints\n- a\n:::::")) == 55
    assert score(Sample("a.md", "> ## A\n\n{: .note}")) == 0


def test_a_picture_of_the_course_is_shown(parse: Parse) -> None:
    lesson = parse(
        "---\ndialect: carpentries\n---\n\n# A\n\n![Cap](media/a.png){alt='An alt'}\n\nText."
    )
    assert lesson.slides[0].visuals == (Picture("media/a.png", "An alt", "Cap", line=7),)


@pytest.mark.parametrize(
    "text",
    ["> " * 30_000, ">\n{: .callout}\n" * 5_000, "{% include " * 10_000, "{{ " * 30_000,
     "{%" * 30_000, "{alt='" * 10_000, "> ## a\n" * 20_000, ("> " * 30 + "a\n{: .callout}\n") * 300,
     "~~~\n{: .x}\n" * 5_000, "{% comment %}" * 3_000, "{: .a" * 20_000],
)  # fmt: skip
@pytest.mark.parametrize("front", [{}, {"keypoints": []}])
def test_hostile_episodes_take_linear_time(
    text: str, front: Mapping[str, object], assert_linear: AssertLinear
) -> None:
    assert_linear(lambda part: rewrite(part, front), text)
