"""For which tool a lesson was written, where the signs of several tools meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.dialects import find_dialect
from lessons.dialects.base import Project, Sample
from lessons.markdown.front_matter import read_front_matter

REMARK = "layout: true\nclass: basic\n\n---\n\nname: A\nclass: middle\n\n# A\n\n.small[\ntext\n]\n"


def recognise(text: str, path: str = "a.md", around: str = "") -> str:
    front = read_front_matter(text, path)
    project = Project(Path(), around) if around else None
    return find_dialect(Sample(path, text[front.end :], front.values.values, project)).name


def test_slides_for_remark_in_a_page_are_no_page_of_the_site_around_them() -> None:
    assert recognise(REMARK, "slides/a.html", "mkdocs") == "remark"
    assert recognise("# A\n\nText\n", "a.html", "mkdocs") == "markdown"
    assert recognise("# A\n\nText\n", "a.md", "mkdocs") == "mkdocs"


@pytest.mark.parametrize(
    ("front", "text", "dialect"),
    [
        ("layout: lecture\ntitle: A", "# A\n\nText\n\n---\n\nMore\n", "markdown"),
        ("layout: default", "# A\n\nText {% link a.md %}\n\n---\n\nMore\n", "jekyll"),
        ("layout: default", "# A\n\n<v-click>\n\nText\n\n</v-click>\n\n---\n\n# B\n", "slidev"),
        ("layout: default", "# A\n\n---\n\n```ts {all|1}\nx\n```\n", "slidev"),
        ("layout: cover", "# A\n\n---\n\n# B\n", "slidev"),
        ("layout: default\ntheme: seriph", "# A\n", "slidev"),
        ("title: A", "# A\n\n---\nlayout: center\n---\n\n# B\n", "slidev"),
        ("marp: true\nlayout: cover", "# A\n\n---\n\n# B\n", "marp"),
    ],
)
def test_a_layout_alone_does_not_make_a_deck_of_slidev(front: str, text: str, dialect: str) -> None:
    assert recognise(f"---\n{front}\n---\n\n{text}") == dialect
