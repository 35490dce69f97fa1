"""Prints one table of voices by language, as Markdown, from the rows that other benchmarks print.

    python benchmarks/voices_by_language.py --sentences FOLDER --best --json > rows.jsonl
    python benchmarks/spliced_words.py FOLDER --json >> rows.jsonl
    python benchmarks/foreign_lips.py --json >> rows.jsonl
    python benchmarks/voices_table.py rows.jsonl

FOLDER is that of strangers_sentences.py. If a row comes twice, the last one counts. "Wrong" are the
words that Whisper did not hear, or letters in Hindi, Japanese and Chinese; after a comma, the same
where no sentence counts for more than its own length.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from foundation.languages import primary

COLUMNS = (
    "language, voice", "sentences", "wrong", "control", "CPU s a second", "first sentence, s",
    "word starts, own speech", "untold", "recordings", "closures",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rows", type=Path)
    lines = parser.parse_args().rows.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    lips = {primary(row["language"]): row for row in rows if "closures" in row}
    times = {(row["language"], row["voice"]): row for row in rows if "synthetic" in row}
    heard = {(row["language"], row["voice"]): row for row in rows if "error" in row}
    print("|", " | ".join(COLUMNS), "|")
    print("|", " | ".join("---" for _ in COLUMNS), "|")
    for language, voice in sorted({*heard, *times}, key=lambda key: (key[0], "espeak" in key[1])):
        cells = [
            f"{language} {voice}",
            *_describe_heard(heard.get((language, voice))),
            *_describe_times(times.get((language, voice))),
            _describe_lips(lips.get(primary(language))),
        ]
        print("|", " | ".join(cells), "|")


def _describe_heard(row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return [""] * 5
    return [
        str(row["pieces"]),
        f"{row['error']:.1%}, {row['capped']:.1%}",
        f"{row['control']:.0%}",
        f"{row['cpu']:.2g}",
        f"{row['first']:.1f}",
    ]


def _describe_times(row: dict[str, Any] | None) -> list[str]:
    """The median and the 90th percentile of the size of errors, in ms."""
    if row is None:
        return [""] * 3
    kinds = (row["synthetic"], row["untold"], row["recording"])
    return [f"{times['median']:.0f}, {times['p90']:.0f}" for times in kinds]


def _describe_lips(row: dict[str, Any] | None) -> str:
    return f"{row['closures']:.1%} of {row['of']}" if row else ""


if __name__ == "__main__":
    main()
