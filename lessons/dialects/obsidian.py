"""Obsidian: wiki links, embedded notes and pictures, comments between `%%`, tags and block ids."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from lessons.course.media import MediaFolders, find_file
from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import is_page, list_pages, read_json
from lessons.dialects.includes import read_included
from lessons.dialects.syntax.code_fences import find_fences, rewrite_diagrams
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.embeds import make_placeholder, name_embedded
from lessons.dialects.syntax.html_media import make_picture
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.dialects.syntax.scan import mask_code, replace_in_prose, scan_lines
from lessons.errors import MediaError
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.markers import HIGHLIGHT, Parts, make_width
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

MOST_DEPTH = 5

_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]{0,400}?)(?:\\?\|([^\[\]\n]{0,400}))?\]\]")
_SURE_LINK = re.compile(r"!\[\[[^\[\]\n]{1,300}\]\]|\[\[[^\[\]\n]{1,200}[|#][^\[\]\n]{1,200}\]\]")
_BARE_LINK = re.compile(r"\[\[[^\W\d][^\[\]|#,=\n]{1,200}\]\]")
_HIGHLIGHTED = re.compile(r"(?<![=\\\w])==(?![=\s])([^=\n]{1,500}?)(?<![\s=])==(?![=])")
_BLOCK_ID = re.compile(r"(?:(?<=\s)|^)\^[A-Za-z0-9-]{1,60}[ \t]*$", re.MULTILINE)
_TAGS = re.compile(
    r"^[ \t]*(?:[-*][ \t]+)?(?:tags?:[ \t]*)?#[^\W\d][\w/-]*"
    r"(?:[ \t,]+#[^\W\d][\w/-]*)*[ \t,]*$",
    re.MULTILINE,
)
_TAG = re.compile(r"(?<![\w/#&\\])#([^\W\d_][\w-]*/[\w/-]+)")
_FIELD = re.compile(r"\[[\w -]{1,40}::[ \t]*([^\[\]\n]{0,200})\]")
_SIZED = re.compile(r"!\[([^\]|\n]{0,300})\\?\|(\d{1,4})(?:x\d{1,4})?\](\([^)\n]{1,1000}\))")
_CALLOUT = re.compile(r"^[ \t]*>[ \t]?\[!\w+\][+-]", re.MULTILINE)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif")
_MEDIA = (".mp4", ".webm", ".mov", ".mkv", ".ogv", ".mp3", ".wav", ".m4a", ".ogg", ".flac", ".3gp",
          ".pdf", ".canvas", ".base")  # fmt: skip
_QUERIES = word_set("dataview dataviewjs tasks query base kanban-plugin button meta-bind "
                    "excalidraw ad-hide timeline chart")  # fmt: skip
_ROOM = 800  # pixels of the column of text
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*$")


class Obsidian(Dialect):
    """Notes of an Obsidian vault."""

    name = "obsidian"
    title = "Obsidian"
    keys = word_set(
        "tags tag aliases alias cssclasses cssclass publish permalink description cover image "
        "created updated modified date status up related parent mobile"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 85
        masked = mask_code(sample.text)
        found = [bool(_SURE_LINK.search(masked)), "cssclasses" in sample.front,
                 bool(_CALLOUT.search(masked)), bool(re.search(r"%%[^%\n]+%%", masked)),
                 bool(re.search(r"^```(?:dataview|tasks)\b", sample.text, re.M))]  # fmt: skip
        if not any(found):
            return 12 if _BARE_LINK.search(masked) else 0
        return 64 + 4 * min(sum(found), 3)

    def read(self, source: Source, context: Context) -> Reading:
        source = fence_indented_code(source, context)
        source = _Vault(context).rewrite(source)
        source = rewrite_diagrams(source)
        title = as_text(context.front.get("title"))
        return Reading(rewrite_common(source, context), "script", title)

    def is_workspace(self, folder: Path) -> bool:
        return is_page(folder, "publish.css", (".css",))  # `.obsidian` is often left out

    def find_project(self, root: Path) -> Project | None:
        settings = root / ".obsidian"
        try:
            if not settings.is_dir():
                return None
        except OSError:
            return None
        values = read_json(settings / "app.json") or {}
        folder = as_text(values.get("attachmentFolderPath")).strip("./ ")
        pages = list_pages(root, "", (".md",))
        return Project(
            root, self.name, root.resolve().name, "", tuple(pages),
            (folder,) if folder else (), values=values,
        )  # fmt: skip


class _Vault:
    """Rewrites the notes of a vault, in which a file is named without its folder."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.files: dict[str, str] | None = None

    def rewrite(self, source: Source, depth: int = 0) -> Source:
        source = _remove_comments(source)
        source = _remove_queries(source)
        source = replace_in_prose(source, _SIZED, _size_picture)
        source = source.edit(self._find_links(source, depth))
        source = replace_in_prose(source, _HIGHLIGHTED, _mark)
        source = replace_in_prose(source, _TAGS, lambda match, source: ())
        source = replace_in_prose(
            source, _TAG, lambda match, source: (source[match.start(1) : match.end(1)],)
        )
        source = replace_in_prose(
            source, _FIELD, lambda match, source: (source[match.start(1) : match.end(1)],)
        )
        return replace_in_prose(source, _BLOCK_ID, lambda match, source: ())

    def _find_links(self, source: Source, depth: int) -> list[Edit]:
        edits: list[Edit] = []
        for match in _LINK.finditer(mask_code(source.text)):
            shown = self._embed(match, source, depth) if match[1] else _show_link(match, source)
            if shown is not None:
                edits.append(Edit(match.start(), match.end(), shown))
        return edits

    def _embed(self, match: re.Match[str], source: Source, depth: int) -> Parts:
        """What `![[…]]` shows: a picture, something else that is embedded, or another note."""
        target, _, part = match[2].strip().partition("#")
        size = (match[3] or "").strip()
        suffix = PurePosixPath(target).suffix.lower()
        if suffix in _PICTURES:
            width = re.fullmatch(r"(?:.*\|)?(\d{1,4})(?:x\d{1,4})?", size)
            share = int(width[1]) / _ROOM if width else 0.0
            alt = "" if width else size
            return make_picture(self._find(target), alt, "", share)
        if suffix in _MEDIA:
            kind, name = name_embedded(target, "" if size.isdecimal() else size)
            return (
                "\n\n",
                *make_placeholder(self.context, source, match.start(), kind, name),
                "\n",
            )
        return self._bring_in(match, source, target, part, depth)

    def _bring_in(
        self, match: re.Match[str], source: Source, target: str, part: str, depth: int
    ) -> Parts:
        if depth >= MOST_DEPTH or not target:
            return ()
        name = self._find(target if target.endswith(".md") else f"{target}.md")
        file = read_included(self.context, name, source.find_place(match.start()))
        if file is None:
            return ()
        front = read_front_matter(file.text, file.path)
        text = _take_part(Source.of(file.path, file.text)[front.end :], part)
        text = self.rewrite(text, depth + 1)
        begin = source.text.rfind("\n", 0, match.start()) + 1
        before = source.text[begin : match.start()]
        if before.strip(" \t>") == "" and before:
            text = text.edit(
                Edit(m.end(), m.end(), (before,)) for m in re.finditer(r"\n(?=.)", text.text)
            )
        gap = "" if before.lstrip().startswith(("|", ">")) else "\n\n"
        return (gap, source.insert_file(text, match.start()), gap)

    def _find(self, name: str) -> str:
        """The path of a file from a folder around the lesson; the name itself if there is none."""
        context = self.context
        project = context.project
        others = tuple(project.root / folder for folder in project.media) if project else ()
        roots = (project.root,) if project else ()
        folders = MediaFolders(context.root, context.root, context.folder, (*roots, *others))
        try:
            find_file(folders, name, Source.of(context.path, "").find_place(0))
        except MediaError:
            if self.files is None:
                self.files = _list_files(project.root if project else context.root)
            found = self.files.get(PurePosixPath(name).name.lower(), "")
            if found:
                root = (project.root if project else context.root).resolve()
                return "/" + (root / found).relative_to(context.root.resolve()).as_posix()
        return name


def _list_files(root: Path) -> dict[str, str]:
    """The files of a vault by their names in lower case."""
    found: dict[str, str] = {}
    try:
        for number, path in enumerate(sorted(root.rglob("*"))):
            if number > 20_000:
                break
            if path.suffix.lower() in (*_PICTURES, ".md") and not path.is_symlink():
                found.setdefault(path.name.lower(), path.relative_to(root).as_posix())
    except OSError:
        return found
    return found


def _take_part(text: Source, part: str) -> Source:
    """The section under a heading, or the block with an id."""
    if not part:
        return text
    lines = scan_lines(text.text)
    if part.startswith("^"):
        for line in lines:
            if line.text.rstrip().endswith(part):
                first = line.number
                while first and lines[first - 1].text.strip():
                    first -= 1
                return text[lines[first].start : line.end]
        return text[0:0]
    wanted = _normalize(part.rpartition("#")[2])
    start, level = -1, 0
    for line in lines:
        heading = _HEADING.match(line.text) if line.kind == "text" else None
        if heading is None:
            continue
        if start >= 0 and len(heading[1]) <= level:
            return text[start : line.start]
        if start < 0 and _normalize(heading[2]) == wanted:
            start, level = line.start, len(heading[1])
    return text[start:] if start >= 0 else text[0:0]


def _normalize(title: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", title).casefold().split())


def _show_link(match: re.Match[str], source: Source) -> Parts | None:
    """The text of a link: what follows `|`, or the name of the note, or that of its part."""
    if match[3] is not None and match[3].strip():
        return (source[match.start(3) : match.end(3)],)
    target = match[2]
    if not target.strip():
        return None
    page, _, part = target.partition("#")
    if page.strip():
        begin = match.start(2) + page.rfind("/") + 1
        shown = source[begin : match.start(2) + len(page.rstrip())]
        if shown.text.endswith(".md"):
            shown = shown[: len(shown) - 3]
        return (shown,) if not part or part.startswith("^") else (shown, " – ", part.lstrip("#"))
    bare = part.rpartition("#")[2].lstrip("^")
    begin = match.start(2) + target.rfind(bare)
    return (source[begin : begin + len(bare)],)


def _size_picture(match: re.Match[str], source: Source) -> Parts:
    share = int(match[2]) / _ROOM
    width = (make_width(share),) if 0 < share < 1 else ()
    alt, target = source[match.start(1) : match.end(1)], source[match.start(3) : match.end(3)]
    return ("![", alt, "]", target, *width)


def _mark(match: re.Match[str], source: Source) -> Parts:
    return (HIGHLIGHT[0], source[match.start(1) : match.end(1)], HIGHLIGHT[1])


def _remove_comments(source: Source) -> Source:
    """Take out what stands between `%%`."""
    edits: list[Edit] = []
    masked = mask_code(source.text)
    at = masked.find("%%")
    while at >= 0:
        end = masked.find("%%", at + 2)
        if end < 0:
            break
        edits.append(Edit(at, end + 2))
        at = masked.find("%%", end + 2)
    return source.edit(edits)


def _remove_queries(source: Source) -> Source:
    """Take out code blocks from which a plugin makes a list."""
    edits: list[Edit] = []
    for fence in find_fences(scan_lines(source.text)):
        words = fence.info.split()
        if words and words[0].lower() in _QUERIES:
            edits.append(Edit(fence.opening.start, min(fence.end + 1, len(source))))
    return source.edit(edits)
