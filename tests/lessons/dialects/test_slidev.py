from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_text import read, read_all, show
from PIL import Image

from lessons.dialects.slidev.dialect import parse_range

AssertLinear = Callable[[Callable[[str], object], str], None]

HEAD = "---\ntheme: default\nlayout: default\n---\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# A\n\n---\n\n# B\n\n----\n\n# C\n", ["A", "B", "C"]),
        ("# A\ntext\n---\n\n# B\n", ["A", "B"]),  # a rule under text separates too
        ("# A\n\n---\nlayout: center\n---\n\n# B\n", ["A", "B"]),
        (
            "# A\n\n---\ntitle: Named\n---\n\n# B\n\n---\nname: Also\n---\n\ntext\n",
            ["A", "B", "Also"],  # a heading is stronger than the name of its slide
        ),
        ("# A\n\n```yaml\n---\nx: y\n---\n```\n\n<!--\n---\n-->\n\n---\n\n# B\n", ["A", "B"]),
        ("# A\n\n````md\n```\n---\n```\n````\n\n---\n# B\n", ["A", "B"]),
        (
            "# A\n\n---\nhide: true\n---\n\n# X\n\n---\ndisabled: true\n---\n\n# Y\n\n---\n\n# B\n",
            ["A", "B"],
        ),
        ("# A\n\n---\n\n```yaml\ntitle: Sure\n```\n\ntext\n", ["A", "Sure"]),
        ("# A\n\n---\n---\n\n---\n\n# B\n\n---\n", ["A", "B"]),  # empty slides are left out
        ("# A\n\n---\n# B\n---\n\n# C\n", ["A", "B", "C"]),  # Slidev would lose B
    ],
)
def test_slides_are_cut_where_slidev_cuts_them(
    tmp_path: Path, text: str, titles: list[str]
) -> None:
    lesson = read(tmp_path, HEAD + text)
    assert lesson.dialect == "slidev"
    assert [slide.title for slide in lesson.slides] == titles


def test_the_name_of_a_slide_does_not_hide_its_heading(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\n---\ntitle: Named\n---\n\n## *Real* one\n\ntext\n"
    assert show(read(tmp_path, f"{text}\n<!-- Said. -->\n"))[1] == ["Real one", "text", "> Said."]


@pytest.mark.parametrize("name", ["/b.png", "b.png"])
@pytest.mark.parametrize("path", ["slides.md", "pages/more/part.md"])
def test_pictures_stand_in_the_public_folder(tmp_path: Path, path: str, name: str) -> None:
    (tmp_path / "public").mkdir()
    Image.new("RGB", (8, 6), "white").save(tmp_path / "public" / "b.png")
    lesson, findings = read_all(tmp_path, f"{HEAD}# A\n\n![]({name})\n", path)
    assert show(lesson)[0][:2] == ["A", "picture public/b.png []"]
    assert "picture-missing" not in [finding.rule for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntransition: fade\n--\n\n# B\n\ntext\n\n---\n\n# C\n",
        "---\ntransition: fade\n-----\n\n# B\n\ntext\n\n---\n\n# C\n",
        "---\nlayout: center\n\n# B\n\ntext\n\n---\nlayout: fact\n---\n\n# C\n",
        "---\nlayout: center\n\n# B\n\nObjectifs :\n\ntext\n\n---\n\n# C\n",
    ],
)
def test_text_below_keys_that_are_not_closed_is_not_lost(tmp_path: Path, text: str) -> None:
    lesson, findings = read_all(tmp_path, f"{HEAD}# A\n\n{text}")
    slides = show(lesson)
    assert [slide[0] for slide in slides] == ["A", "B", "C"]
    assert "text" in slides[1] and "center" not in str(slides)
    assert [f.rule for f in findings if f.severity == "warning"][:1] == ["setting-unusable"]


def test_a_header_may_have_blank_lines_and_comments(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\n---\nlayout: x\n\n# more\nlist:\n- y\n\nz: |\n  text\n---\n\n# B\n"
    lesson, findings = read_all(tmp_path, text)
    assert [slide.title for slide in lesson.slides] == ["A", "B"]
    assert "setting-unusable" not in [finding.rule for finding in findings]


def test_headers_that_are_not_closed_take_linear_time(
    tmp_path: Path, assert_linear: AssertLinear
) -> None:
    assert_linear(lambda text: read(tmp_path, HEAD + text), "--- x\na: b\n" * 4000 + "---\n\n# A\n")


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("<Toc />", ["- A", "- Two", "  - B b", "    - C"]),
        ('<Toc minDepth="1" maxDepth="2" />', ["- A", "- Two", "  - B b"]),
        ('<div class="x">\n  <Toc text-sm max-depth=1></Toc>\n</div>', ["- A", "- Two"]),
        ('<Toc minDepth="2" />', ["- B b", "  - C"]),
        ('<Toc mode="onlySiblings" max-depth="1" />', ["- A", "- Two"]),
        ('<Toc mode="onlyCurrentTree" />', ["- Two", "  - B b", "    - C"]),
        ("`<Toc />`", ["<Toc />"]),
    ],
)
def test_a_table_of_contents_has_the_titles_of_the_slides(
    tmp_path: Path, tag: str, shown: list[str]
) -> None:
    text = (
        f"{HEAD}# A\n\n---\ntitle: Two\n---\n\n{tag}\n\n---\n\n## **B** `b`\n\n---\n\nno title\n\n"
        "---\nsrc: ./more.md\n---\n\n---\nhideInToc: true\n---\n\n## Hidden\n\n"
        "---\nlevel: 3\n---\n# Under it\n\n<!-- Said. -->\n"
    )
    assert show(read(tmp_path, text, more_md="### C\n"))[1] == ["Two", *shown]


def test_a_long_table_of_contents_leaves_out_the_deeper_levels(tmp_path: Path) -> None:
    parts = "".join(f"\n---\n\n# P{n}\n" + f"\n---\n\n## S{n}\n" * 5 for n in range(4))
    lesson = read(tmp_path, f"{HEAD}# A\n\n---\n\n<Toc />\n{parts}\n<!-- Said. -->\n")
    assert show(lesson)[1] == ["", "- A", "- P0", "- P1", "- P2", "- P3"]


def test_the_last_comment_is_the_note_if_nothing_follows_it(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\n<!-- Not a note. -->\n\ntext\n\n<!--\nThe *note*.\n\n- with a list\n-->\n\n"
        "---\n\n# B\n\n<!-- No note here. -->\n\ntext\n\n---\n\n# C\n\n<!-- TODO -->\n"
    )
    assert show(read(tmp_path, text)) == [
        ["A", "text", "> The note. with a list"],
        ["B", "text"],
        ["C"],
    ]


def test_the_case_of_columns(tmp_path: Path) -> None:
    text = (
        "---\nlayout: two-cols\n---\n\n# Cols\n\nLeft\n\n::right::\n\nRight\n\n"
        "<!-- notes here -->\n\n---\nclicks: 2\n---\n\n# Two\n\n"
        '<v-click>Shown on click</v-click>\n\n<carbon:arrow-right class="x"/> go\n'
    )
    assert show(read(tmp_path, text)) == [
        ["Cols", "|0.5", "Left", "|0.5", "Right", "|", "> notes here"],
        ["Two", "Shown on click", "go"],
    ]


@pytest.mark.parametrize(
    ("header", "body", "shown"),
    [
        ("layout: two-cols-header",
         "# H\n\ntop\n\n::left::\n\nl\n\n::right::\n\nr\n\n::bottom::\n\nb",
         ["H", "top", "|0.5", "l", "|0.5", "r", "|", "b"]),
        ("layout: three", "# H\n\n::a::\n\n1\n\n::b::\n\n2\n\n::c::\n\n3",
         ["H", "|0.33", "1", "|0.33", "2", "|0.33", "3", "|"]),
        ("layout: image-right\nimage: /a.png", "# H\n\ntext",
         ["H", "|0.5", "text", "|0.5", "picture a.png []", "|"]),
        ("layout: image-left\nimage: a.png", "# H\n\ntext",
         ["H", "|0.5", "picture a.png []", "|0.5", "text", "|"]),
        ("layout: image\nimage: a.png", "", ["", "picture a.png []"]),
        ("layout: cover\nbackground: https://a.example/b.png", "# H", ["H"]),
        ("layout: iframe\nurl: https://a.example", "# H", ["H", "(Web page: https://a.example)"]),
        ("layout: quote", "# Words\n\nby somebody", ["Words", "by somebody"]),
    ],
)  # fmt: skip
def test_layouts_arrange_slots_and_pictures(
    tmp_path: Path, header: str, body: str, shown: list[str]
) -> None:
    assert show(
        read(tmp_path, f"---\ndialect: slidev\n{header}\n---\n\n{body}\n\n<!-- S. -->\n")
    ) == [[*shown, "> S."]]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<mdi-account/> <logos-vue class='a > b' /> text", ["text"]),
        ("<Toc maxDepth='1' />\n\ntext <SlideCurrentNo/>", ["- H", "text"]),
        ('<Tweet id="123" />', ["(Post: 123)"]),
        ('<Youtube id="abc" width="3" />', ["(Video: abc)"]),
        ("<Link to='2' title='Go there'/>", ["Go there"]),
        ("<VDrag pos='1,2'>dragged</VDrag>", ["dragged"]),
        ("<Transform :scale='0.5'>\n\n- a\n\n</Transform>", ["- a"]),
        ('<div :class="{ a: b > c }" @click="x++">inside</div>', ["inside"]),
        ('<img src="/a.png" v-motion :initial="{ x: 1 }" alt="Alt">', ["picture a.png [Alt]"]),
        ("<style>\nh1 {}\n</style>\n\n<script setup>\nconst a = '---'\n</script>\n\nt", ["t"]),
        ("<LightOrDark><template #dark>d</template><template #light>l</template></LightOrDark>",
         ["l"]),
        ("{{ 'quoted' }}, {{ $frontmatter.theme }}, {{ count * 2 }}.", ["quoted, default, ."]),
        ("`<Tweet/>` and `{{ x }}`", ["<Tweet/> and {{ x }}"]),
        ("```ts {1|2-3}{lines:true}\na\n```", ["ts: a"]),
        ("```ts {monaco-run}\na\n```", ["ts: a"]),
        ("````md magic-move\n```js\na\n```\n```js\nb\n```\n````", ["js: a", "js: b"]),
        ("```mermaid\ngraph\n```\n\n```plantuml\nx\n```", ["<mermaid: graph>", "<plantuml: x>"]),
        ("<<< @/snippets/x.ts#part {2|3} ts", ["ts: b"]),
        ("<<< ./snippets/x.ts", ["ts: a\nb\nc"]),
        ("$$ {1|3|all}\nx = y\n$$", ["$x = y$"]),
    ],
)  # fmt: skip
def test_components_and_code_become_what_they_show(
    tmp_path: Path, body: str, shown: list[str]
) -> None:
    code = "a\n// #region part\nb\n// #endregion\nc\n"
    lesson = read(tmp_path, f"{HEAD}# H\n\n{body}\n\n<!-- Said. -->\n", snippets__x_ts=code)
    assert show(lesson) == [["H", *shown, "> Said."]]


def test_a_slide_of_one_component_has_a_placeholder(tmp_path: Path) -> None:
    text = (
        f"{HEAD}<Chart :a='1' />\n\n---\n\n<Youtube id='x' />\n\n---\n\n# B <Chart/>\n\n"
        "---\n\n<script setup>\nconst x = [1]\n</script>\n\n<Plot :items='x' />\n"
    )
    assert show(read(tmp_path, text)) == [
        ["", "(Component: Chart)"],
        ["", "(Video: x)"],
        ["B", "> B"],
        ["", "(Component: Plot)"],
    ]


def test_clicks_are_steps(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\nfirst\n\n<v-click>\n\nsecond\n\n</v-click>\n\n<div v-click>third</div>\n\n"
        "<!-- One. [click] Two. [click:2] Three. -->\n\n---\n\n# B\n\n<v-clicks>\n\n- a\n- b\n\n"
        "</v-clicks>\n\n<!-- X. [click] Y. [click] Z. -->\n\n---\n\n# C\n\n<v-switch>\n"
        "<template #1>one</template>\n<template #2>two</template>\n</v-switch>\n\n"
        "<!-- P. [click] Q. [click] R. -->\n"
    )
    assert show(read(tmp_path, text)) == [
        ["A", "first", "second @1", "third @2", "> One. Two. @1 Three. @2"],
        ["B", "- a @1", "- b @2", "> X. Y. @1 Z. @2"],
        ["C", "one @1", "two @2", "> P. Q. @1 R. @2"],
    ]


def test_mdc_is_rewritten_where_it_is_turned_on(tmp_path: Path) -> None:
    body = "# A\n\n[red]{style='color:red'} :icon{name=x} ![Alt](a.png){width=50%}\n\n<!-- S. -->\n"
    lesson = read(tmp_path, f"---\nlayout: center\nmdc: true\n---\n{body}")
    assert show(lesson) == [["A", "red", "picture a.png [Alt] 0.5", "> S."]]


def test_pages_are_brought_in(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\n---\nsrc: ./pages/b.md\nlayout: center\n---\n\nlost\n\n"
        "---\nsrc: /pages/c.md#2-3\n---\n\n---\n\n# Z\n"
    )
    lesson, findings = read_all(
        tmp_path,
        text,
        pages__b_md="---\ntheme: x\n---\n# B\n\n<!-- Said of B. -->\n\n---\nsrc: c.md#1\n---\n",
        pages__c_md="# C1\n\n---\n\n# C2\n\n---\nhide: true\n---\n\n# C3\n\n---\n\n# C4\n",
    )
    assert [slide.title for slide in lesson.slides] == ["A", "B", "C1", "C2", "Z"]
    assert lesson.slides[1].written == "Said of B."
    assert lesson.slides[1].line == 8  # that of the slide that brings it in
    assert findings == ()


def test_pages_that_bring_themselves_in_are_findings(tmp_path: Path) -> None:
    loop = "# B\n\n---\nsrc: ./b.md\n---\n"
    lesson, findings = read_all(
        tmp_path, f"{HEAD}# A\n\n---\nsrc: ./b.md\n---\n\n---\nsrc: ../x.md\n---\n", b_md=loop
    )
    assert [slide.title for slide in lesson.slides] == ["A", "B"]
    assert [finding.rule for finding in findings] == ["include-missing"] * 2 + ["deck-unspoken"]
    assert [str(finding.problem.place) for finding in findings[:2]] == ["b.md:4", "deck.md:12"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("", [1, 2, 3]), ("all", [1, 2, 3]), ("2", [2]), ("3,1-2", [1, 2, 3]), ("2-", [2, 3]),
     ("none", []), ("9", []), ("1;3", [1, 3]), ("x", [])],
)  # fmt: skip
def test_ranges(text: str, numbers: list[int]) -> None:
    assert parse_range(text, 3) == numbers


@pytest.mark.parametrize(
    "text",
    ["--- a\nfoo: x\n" * 8000, "---\n" * 30_000,
     "".join("`" * (3 + n % 40) + "x\n" for n in range(10_000)),
     "<a b='" * 50_000, "<style>\n" * 50_000, "<v-click>\n" * 20_000, "{{" * 200_000],
)  # fmt: skip
def test_hostile_decks_take_linear_time(
    tmp_path: Path, text: str, assert_linear: AssertLinear
) -> None:
    assert_linear(lambda part: read(tmp_path, HEAD + "# A\n\n" + part), text)


def test_what_follows_code_in_an_item_is_shown(tmp_path: Path) -> None:
    text = HEAD + "# A\n\n- one\n\n  ```js\n  x\n  ```\n\n  More.\n\n<!-- Note. -->\n"
    assert show(read(tmp_path, text)) == [["A", "- one", "js: x", "More.", "> Note."]]


@pytest.mark.parametrize("name", ["pages.md", "./pages.md", "pages.md#1-2"])
def test_a_deck_may_be_nothing_but_another_file(tmp_path: Path, name: str) -> None:
    lesson = read(tmp_path, f"---\nsrc: {name}\n---\n", pages_md="# A\n\n---\n\n# B\n")
    assert lesson.dialect == "slidev"
    assert [slide.title for slide in lesson.slides] == ["A", "B"]


def test_an_escaped_sign_begins_no_tag(tmp_path: Path) -> None:
    text = "# A\n\n[\\<p> and \\<Foo /> - more](https://a.example)\n\n<b>bold</b> `\\<i>`\n"
    (slide,) = show(read(tmp_path, HEAD + text))
    assert slide[:3] == ["A", "<p> and <Foo /> - more", "bold \\<i>"]


MDC = (
    '# A\n\n![f](a.png){class="w-4/5"}\n\nSaid by one.{class="text-xl"}\n\n'
    '::center\n\nInside\n\n::\n\nA set {1, 2} and `{a="b"}`\n'
)


def test_a_file_with_the_signs_of_mdc_need_not_ask_for_it(tmp_path: Path) -> None:
    (slide,) = show(read(tmp_path, HEAD + MDC))
    shown = ["A", "picture a.png [f]", "Said by one.", "Inside", 'A set {1, 2} and {a="b"}']
    assert slide[:5] == shown


def test_a_deck_may_say_that_it_has_no_mdc(tmp_path: Path) -> None:
    head = HEAD.replace("---\n", "---\nmdc: false\n", 1)
    (slide,) = show(read(tmp_path, head + MDC))
    assert any("{class=" in text for text in slide)


def test_a_blank_title_leaves_the_heading(tmp_path: Path) -> None:
    text = '# A\n\n---\nlayout: section\ntitle: " "\n---\n\n## Part 1\n'
    assert [slide.title for slide in read(tmp_path, HEAD + text).slides] == ["A", "Part 1"]
