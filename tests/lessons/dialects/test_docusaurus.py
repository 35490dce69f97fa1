from __future__ import annotations

from pathlib import Path

import pytest
from lesson_text import read_page

from lessons.dialects.docusaurus.dialect import Docusaurus


def test_imports_components_and_comments(tmp_path: Path) -> None:
    text = (
        "# Docs\n\nimport Tabs from '@theme/Tabs';\n\n"
        ":::tip[Custom title]\nAdmonition text.\n:::\n\n"
        '<Tabs><TabItem value="a">Tab A text</TabItem></Tabs>\n\n'
        "A line {/* comment */} with JSX.\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.lesson.dialect == "docusaurus"
    assert shown.visuals == ["[tip: Custom title; Admonition text.]", "[plain: a; Tab A text]"]
    assert shown.said == [
        "Custom title", "Admonition text.", "a", "Tab A text", "A line with JSX.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "visuals", "said"),
    [
        (":::note\n\nPlain.\n\n:::", ["[note; Plain.]"], ["Note.", "Plain."]),
        ("::::info Out\n\n:::tip\n\nIn.\n\n:::\n\n::::", ["[info: Out; [tip; In.]]"],
         ["Out", "Tip.", "In."]),
        ('<Tabs>\n  <TabItem value="w" label="Win" default>\n\n    Text.\n\n    ```sh\n    dir\n'
         "    ```\n\n  </TabItem>\n</Tabs>", ["[plain: Win; Text.; sh: dir]"], ["Win", "Text."]),
        ('<Admonition type="warning" title="W"><p>x</p></Admonition>', ["[warning: W; x]"],
         ["W", "x"]),
        ("<img src={require('./a.png').default} alt=\"Alt\" style={{width: '50%'}} />",
         ["(Picture: a.png)"], []),
        ('<CodeBlock language="js">{`a\nb`}</CodeBlock>', ["js: a\nb"], []),
        ("Text {'plain'} and {call(1)}.", [], ["Text plain and ."]),
        ('<Highlight color="#25c2a0">green</Highlight> is good.', [], ["green is good."]),
        ('```js title="a.js" {1,3}\n// highlight-next-line\nfoo()\n```',
         ["a.js", "js: foo()"], []),
        ("export const A = () => (\n  <b>x</b>\n);\n\nText.", [], ["Text."]),
        ('<YouTube title="Film" id="x" />', ["(Video: Film)"], []),
        ("$x_{1}$ is here.", [], ["x₁ is here."]),
        ("import this idea from your notes.", [], ["import this idea from your notes."]),
    ],
)  # fmt: skip
def test_mdx(tmp_path: Path, text: str, visuals: list[str], said: list[str]) -> None:
    shown = read_page(tmp_path, "# A\n\n" + text, "docusaurus")
    assert shown.visuals == visuals
    assert shown.said == said


def test_the_sidebar_orders_the_pages(tmp_path: Path) -> None:
    (tmp_path / "docusaurus.config.js").write_text(
        "const config = {\n  title: 'Course',\n  i18n: {defaultLocale: 'fr'},\n};\n"
    )
    for name, front in {
        "docs/intro.md": "sidebar_position: 2",
        "docs/a/one.mdx": "sidebar_position: 1",
        "docs/a/two.md": "x: 1",
        "docs/z.md": "sidebar_position: 1",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{front}\n---\nText.\n")
    (tmp_path / "docs/a/_category_.json").write_text('{"position": 3, "label": "A"}')
    project = Docusaurus().find_project(tmp_path)
    assert project is not None
    assert (project.title, project.language) == ("Course", "fr")
    assert project.lessons == ("docs/z.md", "docs/intro.md", "docs/a/one.mdx", "docs/a/two.md")
    (tmp_path / "sidebars.js").write_text("module.exports = {d: ['a/two', {items: ['intro']}]};")
    project = Docusaurus().find_project(tmp_path)
    assert project is not None
    assert project.lessons == ("docs/a/two.md", "docs/intro.md")
