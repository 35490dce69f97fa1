from __future__ import annotations

from pathlib import Path

import pytest
from lesson_text import read_page
from PIL import Image


def test_a_note(tmp_path: Path) -> None:
    text = (
        "# Note\n#topic/sub\n\nSee [[Other page#Part|the part]] and ![[pic.png]].\n\n"
        "> [!info] Title\n> A callout.\n\n==marked== text and %%a comment%% here.\n"
    )
    shown = read_page(tmp_path, text)
    assert shown.lesson.dialect == "obsidian"
    assert shown.titles == ["Note"]
    assert shown.said == [
        "See the part and .", "Title", "A callout.", "marked text and here.",
    ]  # fmt: skip
    assert shown.visuals == ["(Picture: pic.png)", "[info: Title; A callout.]"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("See [[Folder/Page]].", ["See Page."]),
        ("See [[Page#Part]].", ["See Page – Part."]),
        ("See [[#Part]].", ["See Part."]),
        ("A line. ^abc-1", ["A line."]),
        ("A #topic and #a/b word.", ["A #topic and a/b word."]),
        ("`[[x]]` stays.", ["[[x]] stays."]),
        ("%%\nhidden\n\nmore\n%%\nText.", ["Text."]),
        ("```dataview\nLIST\n```\n\nText.", ["Text."]),
        ("A [field:: value] here.", ["A value here."]),
        ("a == b and c == d", ["a == b and c == d"]),
        ("> [!question]- Why?\n> > [!success] Yes\n> > So.", ["Question.", "Why?", "Yes", "So."]),
    ],
)
def test_signs(tmp_path: Path, text: str, said: list[str]) -> None:
    shown = read_page(tmp_path, "# A\n\n" + text, "obsidian")
    assert [said.replace("\u202f", " ") for said in shown.said] == said


def test_a_vault(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "app.json").write_text('{"attachmentFolderPath": "files"}')
    (tmp_path / "files").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    Image.new("RGB", (8, 6), "white").save(tmp_path / "files" / "a.png")
    Image.new("RGB", (8, 6), "white").save(tmp_path / "deep" / "er" / "b.png")
    (tmp_path / "deep" / "Other.md").write_text(
        "# Other\n\nNo.\n\n## Part\n\nYes. ![[Lesson]]\n\n## Next\n\nNo.\n\nA block. ^id\n"
    )
    text = "# A\n\n![[a.png|400]]\n\n![[b.png]]\n\n![[Other#Part]]\n\n![[Other#^id]]\n\n![[gone]]\n"
    (tmp_path / "Lesson.md").write_text("# L\n\nText.\n")
    shown = read_page(tmp_path, text)
    assert [getattr(v, "share", 0) for v in shown.lesson.slides[0].visuals] == [0.5, 0]
    assert shown.visuals[:2] == ["picture files/a.png [] 0.5", "picture deep/er/b.png []"]
    assert shown.said == ["Yes.", "Text.", "A block."]
    assert shown.rules.count("include-missing") == 1


def test_a_note_that_embeds_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "lesson.md").write_text("# A\n\nText. ![[lesson]] ![[lesson]]\n")
    shown = read_page(tmp_path, (tmp_path / "lesson.md").read_text(), "obsidian")
    assert set(shown.said) == {"Text."}
    assert len(shown.said) < 70
