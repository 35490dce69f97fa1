"""The course's own files enter the store by their digests, and keys hold what is seen and heard."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from trial_step import STEP, Settings, open_plain_store

from foundation.files import bytes_digest
from lessons.errors import MediaError
from lessons.model import Box, Columns, Picture, Slide, Token, Utterance, Visual
from narrate.errors import ChangedError
from narrate.pipeline.content import key_shown, key_spoken, key_whole
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.steps.picture import MediaFile
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import Secret


def slide(*visuals: Visual) -> Slide:
    return Slide(1, "A", visuals, (), 1)


def boxed(*visuals: Visual) -> Visual:
    return Box("note", "Note", (), (Columns((visuals,), (1.0,)),))


def write_notebook(path: Path, first: bytes, second: bytes) -> None:
    outputs = [{"data": {"image/png": base64.b64encode(d).decode()}} for d in (first, second)]
    path.write_text(json.dumps({"cells": [{"outputs": outputs}]}))


def find_media(root: Path, shown: Slide) -> tuple[MediaFile, ...]:
    return CourseFiles(root).add_pictures(shown)


def find_file(root: Path, shown: Slide) -> Artefact:
    [media] = find_media(root, shown)
    assert media.file is not None
    return media.file


def take(*files: Artefact) -> Task:
    return STEP.task(
        Settings("a"), {"all": files}, outputs={"text": ".txt"}, label="making a", cost=1
    )


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store", Secret(b"a secret"))


def test_pictures_in_boxes_count(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"one")
    shown = slide(boxed(Picture("a.png", "x")))
    [before] = find_media(tmp_path, shown)
    assert before == MediaFile("a.png", "", Artefact(bytes_digest(b"one")[:40], ".png"))
    (tmp_path / "a.png").write_bytes(b"two")
    assert find_file(tmp_path, shown).key == bytes_digest(b"two")[:40]


def test_only_the_part_that_is_shown_counts(tmp_path: Path) -> None:
    shown = slide(Picture("n.ipynb", "x", part="0/0/image/png"))
    write_notebook(tmp_path / "n.ipynb", b"one", b"two")
    before = find_file(tmp_path, shown)
    write_notebook(tmp_path / "n.ipynb", b"one", b"another")
    assert find_file(tmp_path, shown) == before
    write_notebook(tmp_path / "n.ipynb", b"new", b"two")
    assert find_file(tmp_path, shown) != before


def test_a_picture_that_is_gone_has_no_digest_and_no_error(tmp_path: Path) -> None:
    [media] = find_media(tmp_path, slide(Picture("a.png", "x")))
    assert (media.path, media.file) == ("a.png", None) and media.message and media.remedy
    outside = tmp_path / "course"
    outside.mkdir()
    (tmp_path / "a.png").write_bytes(b"one")
    [media] = find_media(outside, slide(Picture("../a.png", "x")))
    assert media.file is None and media.message


def test_what_a_task_takes_lies_in_the_store_afterwards_and_nothing_else(
    tmp_path: Path, store: FolderStore
) -> None:
    for name in ("a.png", "b.PNG", "c.png"):
        (tmp_path / name).write_bytes(name.encode())
    write_notebook(tmp_path / "n.ipynb", b"one", b"two")
    files = CourseFiles(tmp_path)
    media = files.add_pictures(
        slide(*(Picture(p, "x") for p in ("a.png", "b.PNG", "c.png")),
              Picture("n.ipynb", "x", part="0/1/image/png"))
    )  # fmt: skip
    a, b, c, part = (m.file for m in media)
    assert a and b and c and part
    files.bring(store, [take(a), take(b, part, Artefact("0" * 40, ".made"))])
    brought = [store.fetch(artefact) for artefact in (a, b, part)]
    assert [p and p.read_bytes() for p in brought] == [b"a.png", b"b.PNG", b"two"]
    assert store.find_missing([a, b, c, part]) == {c}
    (tmp_path / "a.png").write_bytes(b"new")  # what is there is not read again
    files.bring(store, [take(a)])


def test_what_changed_since_it_was_planned_is_not_brought(
    tmp_path: Path, store: FolderStore
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/a.png").write_bytes(b"one")
    write_notebook(tmp_path / "n.ipynb", b"one", b"two")
    (tmp_path / "talk.wav").write_bytes(b"sound")
    files = CourseFiles(tmp_path)
    pictures = files.add_pictures(
        slide(Picture("media/a.png", "x"), Picture("n.ipynb", "x", part="0/1/image/png"))
    )
    planned = {m.path: m.file for m in pictures if m.file} | {"talk.wav": files.add("talk.wav")}
    assert len(planned) == 3
    (tmp_path / "media/a.png").write_bytes(b"two")
    write_notebook(tmp_path / "n.ipynb", b"one", b"another")
    (tmp_path / "talk.wav").write_bytes(b"noise")
    for path, artefact in planned.items():
        with pytest.raises(ChangedError) as caught:
            files.bring(store, [take(artefact)])
        assert caught.value.place.path == path
    (tmp_path / "n.ipynb").unlink()
    with pytest.raises(MediaError):
        files.bring(store, [take(planned["n.ipynb"])])
    assert store.find_missing(planned.values()) == set(planned.values())


def test_a_store_that_has_the_files_is_asked_for_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"one")
    plain = open_plain_store(str(tmp_path / "store"))
    (tmp_path / "store").mkdir()
    files = CourseFiles(tmp_path)
    artefact = files.add("a.png")
    (tmp_path / "store" / artefact.name).write_bytes(b"one")
    files.bring(plain, [take(artefact)])  # it raises where a file is to be added
    (tmp_path / "store" / artefact.name).unlink()
    with pytest.raises(NotImplementedError):
        files.bring(plain, [take(artefact)])


def test_lines_of_pictures_in_boxes_do_not_count_and_all_else_does() -> None:
    def key(picture: Picture) -> str:
        return key_shown(slide(boxed(picture))).digest

    one = key(Picture("a.png", "x", line=3))
    assert one == key(Picture("a.png", "x", line=9))
    assert one != key(Picture("a.png", "y", line=3))
    assert one != key(Picture("a.png", "x", share=0.5))


def test_where_a_sentence_stands_does_not_count_and_all_that_is_heard_does() -> None:
    token = Token("Lead", "led", 0, 4)
    said = Utterance((token,), 300, 7)

    def key(utterance: Utterance, **changes: object) -> str:
        whole = Slide(1, "A", (), (utterance,), 1)
        return key_spoken(replace(whole, **changes)).digest  # type: ignore[arg-type]

    usual = key(said)
    assert usual == key(replace(said, line=9), number=4, line=12)
    assert usual == key(replace(said, tokens=(replace(token, start=5, end=9),)))
    assert usual == key(said, title="B") == key(said, visuals=(Picture("a.png", "x"),))
    other = [
        key(replace(said, **{name: value}))  # type: ignore[arg-type]
        for name, value in {
            "pause_ms": 400, "step": 1, "voice": "piper/x", "language": "de", "rate": 0.8
        }.items()
    ]  # fmt: skip
    other += [
        key(replace(said, tokens=(replace(token, **{name: value}),)))  # type: ignore[arg-type]
        for name, value in {
            "written": "Led", "spoken": "leed", "phones": ("l",), "rate": 0.9, "emphasis": 1.0,
            "language": "de",
        }.items()
    ]  # fmt: skip
    other += [key(said, steps=2), key(said, hold_ms=9000)]
    assert len({usual, *other}) == len(other) + 1


def test_a_whole_slide_is_what_is_heard_and_seen_and_its_paragraphs() -> None:
    said = Utterance((Token("A", "a", 0, 1),), 300, 7)

    def key(one: Slide) -> str:
        return key_whole(key_spoken(one), key_shown(one)).digest

    one = Slide(1, "A", (Picture("a.png", "x"),), (said,), 1)
    paragraph = replace(said, ends_paragraph=not said.ends_paragraph)
    assert key(one) == key(replace(one, number=2, line=8))
    others = [
        replace(one, utterances=(paragraph,)),
        replace(one, title="B"),
        replace(one, visuals=()),
        replace(one, utterances=(replace(said, pause_ms=1),)),
    ]
    assert len({key(one), *map(key, others)}) == 5
