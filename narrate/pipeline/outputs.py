"""Writes the files for people and lists them in the manifest. A file is never half written.

`manifest.json` describes every output: its digest, its consent record, and what is synthetic in it.
`.store/published.json` remembers what each output was made from, and its size and time, so that the
next build knows whether the file was changed without reading it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narrate
from foundation.files import file_digest
from foundation.json_text import read_object
from foundation.problem import Place
from lessons.course.recordings import VOICE as RECORDING
from narrate.errors import StoreError
from narrate.pipeline.plan import LessonPlan, Output, Plan
from narrate.pipeline.stages import WorkerContext, require_artefacts
from narrate.pipeline.store import Store, storing
from narrate.pipeline.timeline import make_timeline, stream_sound

MANIFEST = "manifest.json"
STORE = ".store"


@dataclass(frozen=True, slots=True)
class Published:
    """A file as it was when it was published."""

    key: str
    kind: str
    lesson: str
    bytes: int
    mtime_ns: int
    sha256: str
    duration_ms: int


class OutputFolder:
    """The folder that a build writes to, with its store."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.store = Store(out / STORE)
        self._ledger = out / STORE / "published.json"

    def require_inside(self, home: Path, plan: Plan) -> None:
        """Raise StoreError if a link would make the build write outside of `home`."""
        folders = {(self.out / o.path).parent for lesson in plan.lessons for o in lesson.outputs}
        for folder in sorted({self.out, self.store.root, *folders}):
            try:
                inside = folder.resolve().is_relative_to(home.resolve())
            except (OSError, RuntimeError):  # a link to itself
                inside = False
            if not inside:
                raise StoreError(
                    "A link in the output folder leads out of it.",
                    remedy="Remove the link, or name another output folder with --out.",
                    place=Place(str(folder)),
                )

    def read_published(self) -> dict[str, Published]:
        """What is known of the files, by their paths relative to the folder."""
        try:
            raw: dict[str, Any] = read_object(self._ledger)
            return {path: _read_entry(entry) for path, entry in raw.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # nothing is lost: the outputs are made again from the store

    def find_current(self, outputs: Iterable[Output]) -> set[str]:
        """The paths of those outputs that are up to date."""
        known = self.read_published()
        return {o.path for o in outputs if self._is_current(o, known.get(o.path))}

    def _is_current(self, output: Output, known: Published | None) -> bool:
        if known is None or known.key != output.key:
            return False
        path = self.out / output.path
        try:
            facts = path.stat()
            if facts.st_size != known.bytes:
                return False
            # The time changes when a file is copied back or touched; then its bytes decide.
            return facts.st_mtime_ns == known.mtime_ns or file_digest(path) == known.sha256
        except OSError:
            return False

    def record(self, made: Mapping[Output, int]) -> None:
        """Remember outputs that were just written, each with its duration in milliseconds."""
        with storing(self.out), self.store.named_lock("published"):
            known = self.read_published()
            for output, duration_ms in made.items():
                path = self.out / output.path
                facts = path.stat()
                known[output.path] = Published(
                    output.key, output.kind, output.lesson, facts.st_size, facts.st_mtime_ns,
                    file_digest(path), duration_ms,
                )  # fmt: skip
            entries = {path: _as_dict(entry) for path, entry in sorted(known.items())}
            self.store.publish(self._ledger, json.dumps(entries, indent=1).encode())

    def write_manifest(self, plan: Plan) -> bool:
        """Update manifest.json with those files of the course's lessons that exist.

        It contains no dates, so the same build gives the same bytes. Returns whether it changed.
        """
        with storing(self.out), self.store.named_lock("published"):
            consent: dict[str, Any] | None = None
            if plan.portrayed:
                consent = dict(plan.portrayed.metadata)
                consent.update(record=plan.portrayed.record_id, notice=plan.portrayed.statement)
            document = {
                "narrate": narrate.__version__,
                "course": plan.course.id,
                "title": plan.course.title,
                "consent": consent,
                "outputs": self._describe_outputs(plan),
            }
            data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
            return self.write_if_changed(MANIFEST, data)

    def _describe_outputs(self, plan: Plan) -> list[dict[str, object]]:
        """The manifest's entries. What this plan did not make keeps what the old manifest says."""
        lessons = {lesson.id for lesson in plan.course.lessons} | plan.course.ids
        kept = self._read_manifest()
        planned = {
            o.path: lesson.settings.voice != RECORDING
            for lesson in plan.lessons
            for o in lesson.outputs
        }
        found: list[dict[str, object]] = []
        for path, entry in sorted(self.read_published().items()):
            if entry.lesson not in lessons or not (self.out / path).is_file():
                continue
            record, synthetic = kept.get(path, (None, None))
            if path in planned:
                shows = entry.kind in ("lecture", "lipreadable") and plan.portrayed
                record = plan.portrayed.record_id if shows and plan.portrayed else None
                synthetic = _list_synthetic(entry.kind, record, voice=planned[path])
            found.append(
                {
                    "path": path,
                    "kind": entry.kind,
                    "lesson": entry.lesson,
                    "bytes": entry.bytes,
                    "sha256": entry.sha256,
                    "duration_ms": entry.duration_ms,
                    "consent_record": record,
                    "synthetic": synthetic or [],
                }
            )
        return found

    def _read_manifest(self) -> dict[str, tuple[Any, Any]]:
        """The consent record and the synthetic parts of each output, as the manifest has them."""
        try:
            entries = read_object(self.out / MANIFEST).get("outputs")
        except (OSError, ValueError):
            return {}
        return {
            entry["path"]: (entry.get("consent_record"), entry.get("synthetic"))
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, dict) and isinstance(entry.get("path"), str)
        }

    def write_if_changed(self, name: str, data: bytes) -> bool:
        """Write a file unless it has these bytes already. Returns whether it was written."""
        path = self.out / name
        try:
            if path.read_bytes() == data:
                return False
        except OSError:
            pass
        self.store.publish(path, data)
        return True


def write_texts(
    context: WorkerContext, out: Path, plan: LessonPlan, outputs: tuple[Output, ...]
) -> None:
    """Write the captions, chapters and transcripts of a lesson."""
    from narrate.captions.formats import CAPTION_FORMATS
    from narrate.documents.chapters import write_chapters_json, write_chapters_vtt
    from narrate.documents.transcript import write_transcript

    folder = OutputFolder(out)
    timeline = make_timeline(folder.store, plan)
    language, title = plan.settings.language, plan.lesson.title
    for output in outputs:
        if output.kind == "captions":
            text = CAPTION_FORMATS[output.format].write(
                timeline.cues, language=language, title=title
            )
        elif output.kind == "chapters" and output.format == "vtt":
            text = write_chapters_vtt(timeline.chapters, language=language, title=title)
        elif output.kind == "chapters":
            text = write_chapters_json(timeline.chapters, title=title)
        else:
            text = write_transcript(
                plan.lesson,
                timeline.slides,
                format=output.format,
                language=language,
                course_title=context.course_title,
            )
        path = out / output.path
        with storing(out):
            path.parent.mkdir(parents=True, exist_ok=True)
            folder.store.publish(path, text.encode())
    folder.record(dict.fromkeys(outputs, timeline.duration_ms))


def write_video(context: WorkerContext, out: Path, plan: LessonPlan, output: Output) -> None:
    """Join a lesson's segments into a video."""
    from narrate.video.assemble import LessonTracks, join_lesson

    folder = OutputFolder(out)
    timeline = make_timeline(folder.store, plan)
    segments = require_artefacts(
        folder.store, (a for s in plan.slides for name, a in s.segments if name == output.kind)
    )
    path = out / output.path

    def sound() -> Iterator[Any]:
        return stream_sound(folder.store, plan, timeline)

    with storing(out):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.store.temporary(path.name)
        tracks = LessonTracks(
            segments=segments,
            rate=plan.settings.video.rate,
            sound=sound,
            cues=timeline.cues,
            chapters=timeline.chapters,
            metadata=_make_metadata(context, plan),
            language=plan.settings.language,
            # The lip-readable video has its captions in the picture already.
            captions_shown=output.kind == "lecture",
        )
        join_lesson(tracks, temporary)
        temporary.replace(path)
    folder.record({output: timeline.duration_ms})


def _make_metadata(context: WorkerContext, plan: LessonPlan) -> dict[str, str]:
    settings = plan.settings
    found = {"title": plan.lesson.title, "album": context.course_title}
    if context.portrayed:
        found.update(context.portrayed.metadata)
    elif settings.voice != RECORDING:
        found["comment"] = "The voice in this video is synthetic."
        found["synthetic"] = "voice"
    if settings.author:
        found["artist"] = settings.author
    if settings.license:
        found["copyright"] = settings.license
    if settings.publisher:
        found["publisher"] = settings.publisher
    return found


def _list_synthetic(kind: str, record: str | None, *, voice: bool) -> list[str]:
    """What a machine made in a video and a viewer could take for a person."""
    if kind not in ("lecture", "lipreadable"):
        return []
    return [*(["voice"] if voice else []), *(["presenter"] if record else [])]


def _read_entry(entry: dict[str, Any]) -> Published:
    """What `_as_dict` gave. Raises TypeError for anything else."""
    found = Published(**entry)
    texts = (found.key, found.kind, found.lesson, found.sha256)
    numbers = (found.bytes, found.mtime_ns, found.duration_ms)
    if not all(isinstance(x, str) for x in texts) or not all(isinstance(x, int) for x in numbers):
        raise TypeError
    return found


def _as_dict(entry: Published) -> dict[str, object]:
    return {name: getattr(entry, name) for name in Published.__slots__}
