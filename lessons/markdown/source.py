"""Text that has been rewritten, and where each character of it comes from.

A lesson written for another tool is rewritten, rule by rule, into the one form that the parser
reads. Captions, findings and tests name places in the teacher's own file, so every character of the
rewritten text keeps its origin.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from foundation.problem import Place


class SourceFile:
    """A file of the course. `path` is its name in problems, and `text` what it holds."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    def line_of(self, offset: int) -> int:
        """The line (from 1) of an offset."""
        return max(bisect_right(self.line_starts, offset), 1)


class Piece(NamedTuple):
    """A stretch of text from one place. It begins at `start` and ends where the next one begins.

    `at` is its offset in the lesson's own file; for text of another file, that of the line which
    brings the file in. If it is `exact`, its characters are those of the lesson's file from `at`
    on; otherwise all of it stands for the character there. `file` and `offset` are set for text of
    another file.
    """

    start: int
    at: int
    exact: bool = True
    file: SourceFile | None = None
    offset: int = 0

    def move(self, by: int) -> Piece:
        """The same piece so many characters later in the text."""
        return Piece(self.start + by, self.at, self.exact, self.file, self.offset) if by else self


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces `text[start:end]` by `parts`: new text, or parts of a source with their origins."""

    start: int
    end: int
    parts: tuple[str | Source, ...] = ()


class Source:
    """Text and its origin. It is never changed: each edit makes a new one."""

    __slots__ = ("_starts", "file", "pieces", "text")

    def __init__(self, text: str, pieces: Sequence[Piece], file: SourceFile) -> None:
        self.text = text
        self.pieces = tuple(pieces)
        self.file = file
        self._starts = [piece.start for piece in self.pieces]

    @classmethod
    def of(cls, path: str, text: str) -> Source:
        """A file as it is."""
        return cls(text, [Piece(0, 0)], SourceFile(path, text))

    @property
    def is_file(self) -> bool:
        """Whether the text is the file's own, so that offsets are the same in both."""
        return self.pieces == (Piece(0, 0),)

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> Source:
        """A stretch of the text, with its origins."""
        start, end, _ = part.indices(len(self.text))
        if start >= end:
            return Source("", [Piece(0, self.find_offset(start), exact=False)], self.file)
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        pieces = [_cut(self.pieces[first], start)]
        pieces += self.pieces[first + 1 : last + 1]
        return Source(self.text[start:end], [piece.move(-start) for piece in pieces], self.file)

    def edit(self, edits: Iterable[Edit]) -> Source:
        """The text with all edits. An edit that begins inside of an earlier one is left out."""
        parts: list[Source] = []
        at = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            if edit.start < at:
                continue
            if edit.start > at:
                parts.append(self[at : edit.start])
            here = self.find_offset(edit.start)
            for part in edit.parts:
                if isinstance(part, Source):
                    parts.append(part)
                elif part:
                    parts.append(Source(part, [Piece(0, here, exact=False)], self.file))
            at = edit.end
        if not parts and at == 0:
            return self
        if at < len(self.text):
            parts.append(self[at:])
        return _join(parts, self.file)

    def insert_file(self, included: Source, at: int) -> Source:
        """The text of another file, as it is seen from the offset `at` of this one, which brings it
        in."""
        here = self.find_offset(at)
        pieces = []
        for piece in included.pieces:
            file, offset = piece.file or included.file, piece.offset if piece.file else piece.at
            pieces.append(Piece(piece.start, here, False, file, offset))
        return Source(included.text, pieces, self.file)

    def find_offset(self, offset: int) -> int:
        """The offset in the lesson's file of an offset in the text."""
        piece = self.pieces[max(bisect_right(self._starts, offset) - 1, 0)]
        return piece.at + (offset - piece.start if piece.exact else 0)

    def find_end(self, offset: int) -> int:
        """The same for the end of a stretch: just behind the character before it."""
        return self.find_offset(offset - 1) + 1 if offset else self.find_offset(0)

    def find_line(self, offset: int) -> int:
        """The line (from 1) in the lesson's file."""
        return self.file.line_of(self.find_offset(offset))

    def find_place(self, offset: int) -> Place:
        """The file and line that a person should look at."""
        piece = self.pieces[max(bisect_right(self._starts, offset) - 1, 0)]
        if piece.file is None:
            return Place(self.file.path, self.find_line(offset))
        inside = piece.offset + min(offset - piece.start, len(piece.file.text))
        return Place(piece.file.path, piece.file.line_of(inside))


def _cut(piece: Piece, start: int) -> Piece:
    """The rest of a piece from the offset `start` of the text on."""
    moved = start - piece.start
    at = piece.at + (moved if piece.exact else 0)
    return Piece(start, at, piece.exact, piece.file, piece.offset + (moved if piece.file else 0))


def _join(parts: Sequence[Source], file: SourceFile) -> Source:
    pieces: list[Piece] = []
    start = 0
    for part in parts:
        pieces += [piece.move(start) for piece in part.pieces]
        start += len(part.text)
    return Source("".join(p.text for p in parts), pieces or [Piece(0, 0, exact=False)], file)


def join_sources(parts: Sequence[str | Source], like: Source, at: int = 0) -> Source:
    """Sources and new text in a row; new text stands for the offset `at` of the source `like`."""
    here = like.find_offset(at)
    made = [
        p if isinstance(p, Source) else Source(p, [Piece(0, here, exact=False)], like.file)
        for p in parts
        if len(p)
    ]
    return _join(made, like.file)
