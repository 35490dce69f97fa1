"""Checks the files that a lesson names: that they are in the course, and of the right kind."""

from __future__ import annotations

import os
import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from foundation.files import TooLargeError, read_bounded
from foundation.picture_limits import LARGEST_PICTURE_BYTES as LARGEST_PICTURE_BYTES
from foundation.picture_limits import LARGEST_PICTURE_PIXELS as LARGEST_PICTURE_PIXELS
from foundation.picture_limits import LARGEST_SVG_BYTES as LARGEST_SVG_BYTES
from foundation.picture_limits import PICTURE_FORMATS
from foundation.problem import Place
from foundation.shortening import shorten
from lessons.course.drawings import UnfitDrawingError, is_drawing, make_passive
from lessons.course.picture_files import LFS_POINTER
from lessons.course.text_files import explain
from lessons.errors import MediaError

NOTEBOOK_PART = "notebook-part:"
"""How the name of a picture begins that the lesson's own file holds: cell, output, MIME type."""

_REMEDY_PATH = "Put the file into the course folder and name it by a path inside it."


@dataclass(frozen=True, slots=True)
class MediaFolders:
    """Where the files are looked for that a lesson names.

    `root` is the course folder, and `opened` the folder out of which nothing is read: the course
    folder, or one above it that the settings open, or its repository. `beside` is the lesson's
    folder. `others` are further folders in which the lesson's tool looks. `text` is the lesson's
    own file, for pictures that it holds.
    """

    root: Path
    opened: Path
    beside: Path
    others: tuple[Path, ...] = ()
    text: Path | None = None

    @classmethod
    def of(cls, root: Path, path: str = "") -> MediaFolders:
        """The folders of a lesson in the course folder `root`."""
        return cls(root, root, (root / path).parent)


def inside(root: Path, name: str, place: Place, *, beside: Path | None = None) -> Path:
    """The resolved path of an existing file in the course folder `root`.

    The file is looked for in the folder `beside` (of the file that names it), then in the course
    folder, then in its `media` folder. Raises MediaError for a URL, a path or a link that leads out
    of the course, and a file that does not exist.
    """
    return find_file(MediaFolders(root, root, beside or root), name, place)


def find_file(folders: MediaFolders, name: str, place: Place) -> Path:
    """The resolved path of an existing file that a lesson names; see `inside`."""

    def refuse(problem: str, remedy: str = _REMEDY_PATH) -> MediaError:
        return MediaError(problem, remedy=remedy, place=place)

    bare = unquote(name).strip()
    if not bare or "\0" in bare or len(bare) > 1000:
        raise refuse("A file's name is empty, too long, or has a character that it cannot have.")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", bare):
        raise refuse(
            f"{_short(name)!r} is an address, but a build uses only files in the course.",
            "Save the file in the course folder and give its path there.",
        )
    if re.match(r"[A-Za-z]:", bare):
        raise refuse(f"{_short(name)!r} is not a path inside the course.")
    bare = bare.replace("\\", "/")
    home = folders.opened.resolve()
    outside = False
    for folder in _search(folders, absolute=bare.startswith("/")):
        candidate = folder / bare.lstrip("/")
        try:
            target = candidate.resolve()
            if not target.is_relative_to(home) or _is_hidden_above(target, folders.root.resolve()):
                outside = True
            elif target.is_file():
                return target
        except (OSError, RuntimeError, ValueError) as error:
            raise refuse(f"{_short(name)!r} cannot be opened: {explain(error)}.") from error
    if outside:
        raise refuse(
            f"{_short(name)!r} leads out of the course folder.",
            "Copy the file into the course folder, or open a folder above it: write root: '..' in "
            "course.yaml, or add --set root=.. to the command.",
        )
    raise refuse(
        f"There is no file {_short(name)!r} in the course.",
        "Check the path. It is relative to the lesson's file or to the course folder.",
    )


def _is_hidden_above(target: Path, root: Path) -> bool:
    """Whether a file outside the course folder is a hidden one."""
    return not target.is_relative_to(root) and is_hidden(target, root)


def is_hidden(target: Path, folder: Path) -> bool:
    """Whether the way from a folder to a file leads into what is hidden: keys and passwords often
    are."""
    way = PurePosixPath(os.path.relpath(target, folder.resolve()))
    return any(part.startswith(".") and part != ".." for part in way.parts)


def _search(folders: MediaFolders, *, absolute: bool) -> Iterator[Path]:
    """The folders in which a file is looked for. A path that begins with `/` is one of a web site:
    its root is the course folder or any folder around the lesson."""
    usual = (folders.root, folders.root / "media", *folders.others)
    around = [p for p in folders.beside.parents if p.is_relative_to(folders.opened)]
    # The tools that are built on Vite serve what is in `public` from the root of the site.
    public = [p / "public" for p in (folders.beside, *around)]
    if not absolute:
        yield from dict.fromkeys((folders.beside, *usual, *public))
        return
    yield from dict.fromkeys((*usual, folders.beside, *around, *public))


def find_picture(folders: MediaFolders, name: str, place: Place) -> tuple[str, str]:
    """The path of a picture relative to the course folder, and the part of the file that it is.

    Raises MediaError as `picture` does.
    """
    root = folders.root.resolve()
    if folders.text is not None and name.startswith(NOTEBOOK_PART):
        part = unquote(name.removeprefix(NOTEBOOK_PART))
        return folders.text.resolve().relative_to(root).as_posix(), part
    clean = re.sub(r"[?#].*$", "", name)
    target = find_file(folders, clean, place)
    _check_picture(target, name, place)
    if target.is_relative_to(root):
        return target.relative_to(root).as_posix(), ""
    return PurePosixPath(os.path.relpath(target, root)).as_posix(), ""


_KINDS = (
    ("Video", (".mp4", ".webm", ".mov", ".m4v", ".avi", ".mkv", ".ogv")),
    ("Sound", (".mp3", ".wav", ".ogg", ".m4a", ".flac")),
    ("Page", (".html", ".htm", ".pdf")),
)


def name_kind(name: str) -> str:
    """What a file is called on a slide that cannot show it: "Picture", "Video" or "Sound"."""
    suffix = PurePosixPath(re.sub(r"[?#].*$", "", name)).suffix.lower()
    return next((kind for kind, suffixes in _KINDS if suffix in suffixes), "Picture")


def shorten_name(name: str) -> str:
    """A file's name for a placeholder: without its folders, and not too long."""
    if name.startswith("data:"):
        return ""
    bare = unquote(re.sub(r"[?#].*$", "", name)).rstrip("/")
    return shorten(PurePosixPath(bare).name, 60)


def picture(root: Path, name: str, place: Place, *, beside: Path | None = None) -> str:
    """The path of a picture, relative to the course folder. Only its header is read.

    Raises MediaError as `inside` does, for a file that is not a PNG, JPEG, WebP, GIF or
    SVG, and for a picture of more than LARGEST_PICTURE_PIXELS.
    """
    clean = re.sub(r"[?#].*$", "", name)
    target = inside(root, clean, place, beside=beside)
    _check_picture(target, name, place)
    return target.relative_to(root.resolve()).as_posix()


def _check_picture(target: Path, name: str, place: Place) -> None:
    """Raise MediaError for a file that is not a picture that can be shown."""
    try:
        beginning = _read_beginning(target)
        if beginning.startswith(LFS_POINTER):
            raise _UnfitError(
                "is not here: there is only a Git LFS pointer to it.",
                "Run `git lfs pull` in the course folder.",
            )
        if target.suffix.lower() == ".svg" or is_drawing(beginning):
            _check_svg(target)
        else:
            _check_raster(target)
    except _UnfitError as unfit:
        raise MediaError(
            f"{_short(name)!r} {unfit.problem}",
            remedy=unfit.remedy,
            place=place,
        ) from unfit


class _UnfitError(Exception):
    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def _check_raster(target: Path) -> None:
    from PIL import Image

    try:
        size = target.stat().st_size
        if size > LARGEST_PICTURE_BYTES:
            limit = f"Save it in less than {LARGEST_PICTURE_BYTES / 1e6:.0f} MB."
            raise _UnfitError(f"is too large ({size / 1e6:.0f} MB).", limit)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the bound below is ours, and stricter
            with Image.open(target, formats=PICTURE_FORMATS) as opened:
                width, height = opened.size
                if width * height > LARGEST_PICTURE_PIXELS:
                    raise _UnfitError(
                        f"has {width}x{height} pixels, more than "
                        f"{LARGEST_PICTURE_PIXELS // 1_000_000} million.",
                        "Save it at a smaller size; 3840 pixels of width are enough.",
                    )
                opened.verify()
    except _UnfitError:
        raise
    except Image.DecompressionBombError as bomb:
        remedy = "Save it at a smaller size; 3840 pixels of width are enough."
        raise _UnfitError("has far too many pixels.", remedy) from bomb
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError) as error:
        raise _UnfitError(
            "is not a picture in a known format.", "Save it as PNG, JPEG, WebP, GIF or SVG."
        ) from error


def _check_svg(target: Path) -> None:
    """Raise _UnfitError for a file that is not an SVG drawing, or too large a one."""
    try:
        make_passive(read_bounded(target, LARGEST_SVG_BYTES))
    except TooLargeError as error:
        limit = f"{LARGEST_SVG_BYTES / 1e6:.0f} MB"
        raise _UnfitError(
            f"is larger than {limit}.", "Simplify the drawing, or save it as PNG."
        ) from error
    except OSError as error:
        remedy = "Check that you may read the file."
        raise _UnfitError(f"cannot be read: {explain(error)}.", remedy) from error
    except UnfitDrawingError as error:
        raise _UnfitError(error.problem, error.remedy) from error


def _read_beginning(target: Path) -> bytes:
    try:
        with target.open("rb") as file:
            return file.read(1000)
    except OSError as error:
        remedy = "Check that you may read the file."
        raise _UnfitError(f"cannot be read: {explain(error)}.", remedy) from error


def _short(text: str) -> str:
    return shorten(unquote(text))  # the Markdown parser has replaced spaces by %20
