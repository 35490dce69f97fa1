"""Counts what is taken for a speaker or for a sign of speech services in lessons of others.

    python benchmarks/speaker_labels.py FOLDER... [--json]

FOLDERs hold checkouts of `benchmarks/foreign.toml` (`python -m benchmarks.foreign.checkout`).
No repository of the list but slideSonnet's own examples has dialogues or such signs, so whatever is
found elsewhere is false. Printed are the files with it. The control leaves out the list of labels
that are no names.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from figures import Figure, show

from lessons.course.speakers import NOBODY
from lessons.directives.audio_tags import TAG, read_tag
from lessons.markdown import dialogue

ENDINGS = frozenset({".md", ".mdx", ".markdown", ".qmd", ".rmd"})
OWN = "slideSonnet"
_CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    texts = {path: text for folder in chosen.folders for path, text in read_texts(folder)}
    names = find_names(texts)
    with mock.patch.object(dialogue, "NOT_NAMES", frozenset()):
        unlisted = find_names(texts)
    signs = {path: found for path, text in texts.items() if (found := find_signs(text))}
    false = {path: found for path, found in signs.items() if OWN not in str(path)}
    true = sum(len(found) for path, found in signs.items() if path not in false)
    of = f"{len(texts)} files"
    figures = [
        Figure(of, "labels taken for speakers", str(len(names)), "0", not names, tell(names)),
        Figure(
            of, "the same without the list", str(len(unlisted)), notes=tell(unlisted)
        ),
        Figure(of, "signs in brackets that are text", str(len(false)), "0", not false, tell(false)),
        Figure(of, "signs in slideSonnet's examples", str(true), "> 0", true > 0),
    ]  # fmt: skip
    return show(figures, as_json=chosen.json)


def read_texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS and ".git" not in path.parts and path.is_file():
            try:
                yield path, path.read_text("utf-8")
            except (OSError, ValueError):
                continue


def find_names(texts: dict[Path, str]) -> dict[Path, tuple[str, ...]]:
    found = {path: dialogue.find_undeclared_names(text, NOBODY) for path, text in texts.items()}
    return {path: names for path, names in found.items() if names}


def find_signs(text: str) -> tuple[str, ...]:
    return tuple(m[0] for m in TAG.finditer(_CODE.sub("", text)) if read_tag(m[1]))


def tell(found: dict[Path, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"{path}: {', '.join(what)}" for path, what in found.items())


if __name__ == "__main__":
    raise SystemExit(main())
