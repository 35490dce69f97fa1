"""Reads the bytes of a course's pictures: whole files, and pictures inside other files.

A part of a file is named as `Picture.part` says:

- In a notebook (`.ipynb`), `3/0/image/png` is the output 0 of the cell 3, and
  `3/attachment:NAME/image/png` is an attachment of the cell 3; both count from 0.
- In any other file, `data:START:END` is a `data:` URI. The offsets count characters of the text.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from foundation.files import TooLargeError, read_bounded
from foundation.json_text import parse_object
from foundation.picture_limits import LARGEST_PICTURE_BYTES
from foundation.shortening import shorten
from lessons.course.text_files import explain
from lessons.errors import MediaError

LFS_POINTER = b"version https://git-lfs"
"""How the small file begins that stands for a file that Git LFS has not yet brought."""

_NOTEBOOK = ".ipynb"
_DATA_URI = re.compile(r"\s*data:([^,]*),", re.IGNORECASE)


def read_picture_file(path: Path, *, root: Path, part: str = "") -> bytes:
    """The bytes of a picture in a file, which must be in the folder `root`.

    They are at most LARGEST_PICTURE_BYTES, and their format is not checked. Raises MediaError.
    """
    name = shorten(path.name)
    real = _resolve_inside(path, root, name)
    if not part:
        data = _read_bytes(real, name)
    elif real.suffix.lower() == _NOTEBOOK:
        data = _read_notebook_part(real, part, name)
    else:
        data = _read_data_uri(real, part, name)
    if data.startswith(LFS_POINTER):
        raise MediaError(
            f"The file {name} is not here: there is only a Git LFS pointer to it.",
            remedy="Run `git lfs pull` in the course folder.",
        )
    return data


def _resolve_inside(path: Path, root: Path, name: str) -> Path:
    try:
        real = path.resolve(strict=True)
        inside = real.is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError) as error:
        raise _make_unreadable(name, error) from error
    if not inside:
        raise MediaError(
            f"The picture {name} is outside the course folder.",
            remedy="Copy it into the course folder, and use its path there.",
        )
    return real


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        return read_bounded(path, LARGEST_PICTURE_BYTES)
    except TooLargeError as error:
        raise MediaError(
            f"The file {name} is larger than {LARGEST_PICTURE_BYTES // 10**6} MB.",
            remedy="Save its pictures with fewer pixels. A slide does not need so many.",
        ) from error
    except OSError as error:
        raise _make_unreadable(name, error) from error


def _make_unreadable(name: str, error: Exception) -> MediaError:
    return MediaError(
        f"The picture {name} cannot be read: {explain(error)}.",
        remedy="Check that the file exists and can be read.",
    )


def _read_notebook_part(path: Path, part: str, name: str) -> bytes:
    status = path.stat()
    cells = _read_cells(path, name, status.st_mtime_ns, status.st_size)
    try:
        cell, output, mime = part.split("/", 2)
        held = cells[int(cell)]
        if output.startswith("attachment:"):
            value = held["attachments"][output.removeprefix("attachment:")][mime]
        else:
            value = held["outputs"][int(output)]["data"][mime]
        text = value if isinstance(value, str) else "".join(value)
        if mime.startswith("image/svg"):
            return text.encode()
        return base64.b64decode(text)
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error) as error:
        raise _make_partless(name, part) from error


@lru_cache(maxsize=1)
def _read_cells(path: Path, name: str, mtime_ns: int, size: int) -> Any:
    """The cells of a notebook. Those of the last one are kept, since it has many pictures."""
    try:
        return parse_object(_read_bytes(path, name)).get("cells")
    except ValueError as error:
        raise MediaError(
            f"The file {name} is not a notebook.", remedy="Save it again with Jupyter."
        ) from error


def _read_data_uri(path: Path, part: str, name: str) -> bytes:
    found = re.fullmatch(r"data:(\d{1,9}):(\d{1,9})", part)
    if not found:
        raise _make_partless(name, part)
    try:
        text = _read_bytes(path, name).decode("utf-8")[int(found[1]) : int(found[2])]
    except UnicodeDecodeError as error:
        raise _make_partless(name, part) from error
    head = _DATA_URI.match(text)
    if not head:
        raise _make_partless(name, part)
    try:
        content = unquote_to_bytes(text[head.end() :])
        if head[1].lower().rstrip().endswith(";base64"):
            return base64.b64decode(content)
        return content
    except (ValueError, binascii.Error) as error:
        raise _make_partless(name, part) from error


def _make_partless(name: str, part: str) -> MediaError:
    return MediaError(
        f"The file {name} holds no picture {shorten(part)!r}.",
        remedy="Check that the file has not changed, and save the picture as a file of its own.",
    )
