"""The files for people: written beside their places, renamed, and listed in the manifest.

`manifest.json` says what every output is: its digest, its consent record, what in it is synthetic.
`.store/published.json` remembers what each output was made of and how the file looked, so that
the next build knows without reading it whether it still is that file.
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
from lessons.recordings import VOICE as RECORDING
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
    """The output folder."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.store = Store(out / STORE)
        self._ledger = out / STORE / "published.json"

    def require_inside(self, home: Path, plan: Plan) -> None:
        """Raises StoreError if a link takes anything that would be written out of `home`."""
        folders = {(self.out / o.path).parent for lesson in plan.lessons for o in lesson.outputs}
        for folder in sorted({self.out, self.store.root, *folders}):
            try:
                inside = folder.resolve().is_relative_to(home.resolve())
            except (OSError, RuntimeError):  # a link to itself
                inside = False
            if not inside:
                raise StoreError(
                    "A link leads out of the output folder.",
                    remedy="Take the link away, or name the folder to write to with --out.",
                    place=Place(str(folder)),
                )

    def read_published(self) -> dict[str, Published]:
        """What is known of the files, by their paths relative to the folder."""
        try:
            raw: dict[str, Any] = read_object(self._ledger)
            return {path: Published(**entry) for path, entry in raw.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # nothing is lost: outputs are joined again from the store

    def find_current(self, outputs: Iterable[Output]) -> set[str]:
        """The paths among `outputs` that are as the plan wants them."""
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
            # Copied back or touched: then only its bytes can tell.
            return facts.st_mtime_ns == known.mtime_ns or file_digest(path) == known.sha256
        except OSError:
            return False

    def record(self, made: Mapping[Output, int]) -> None:
        """Note outputs just written, each with its length in milliseconds."""
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
        """Bring manifest.json up to date with the files of the course's lessons that are there.

        It holds no dates, so the same build gives the same bytes. Returns whether it changed.
        """
        with storing(self.out), self.store.named_lock("published"):
            lessons = {lesson.id for lesson in plan.course.lessons}
            old = self._old_manifest()
            consent: dict[str, Any] | None = None
            if plan.portrayed:
                consent = dict(plan.portrayed.metadata)
                consent.update(record=plan.portrayed.record_id, notice=plan.portrayed.statement)
            kept = {
                entry["path"]: (entry.get("consent_record"), entry.get("synthetic"))
                for entry in old.get("outputs", [])
                if isinstance(entry, dict) and "path" in entry
            }
            planned = {
                o.path: lesson.settings.voice != RECORDING
                for lesson in plan.lessons
                for o in lesson.outputs
            }
            outputs = []
            for path, entry in sorted(self.read_published().items()):
                if entry.lesson not in lessons or not (self.out / path).is_file():
                    continue
                record, synthetic = kept.get(path, (None, None))
                if path in planned:
                    shows = entry.kind in ("lecture", "lipreadable") and plan.portrayed
                    record = plan.portrayed.record_id if shows and plan.portrayed else None
                    synthetic = _list_synthetic(entry.kind, record, voice=planned[path])
                outputs.append(
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
            document = {
                "narrate": narrate.__version__,
                "course": plan.course.id,
                "title": plan.course.title,
                "consent": consent,
                "outputs": outputs,
            }
            data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
            return self.write_if_changed(MANIFEST, data)

    def _old_manifest(self) -> dict[str, Any]:
        try:
            return read_object(self.out / MANIFEST)
        except (OSError, ValueError):
            return {}

    def write_if_changed(self, name: str, data: bytes) -> bool:
        """Write a whole file, unless it holds these bytes. Returns whether it was written."""
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
    """Write captions, chapters and transcripts of a lesson."""
    from narrate.captions.formats import FORMATS
    from narrate.documents.chapters import write_chapters_json, write_chapters_vtt
    from narrate.documents.transcript import write_transcript

    folder = OutputFolder(out)
    timeline = make_timeline(folder.store, plan)
    language, title = plan.settings.language, plan.lesson.title
    for output in outputs:
        if output.kind == "captions":
            text = FORMATS[output.format].write(timeline.cues, language=language, title=title)
        elif output.kind == "chapters" and output.format == "vtt":
            text = write_chapters_vtt(timeline.chapters, language=language, title=title)
        elif output.kind == "chapters":
            text = write_chapters_json(timeline.chapters, title=title)
        else:
            text = write_transcript(
                plan.lesson,
                timeline.slides,
                format=output.format,  # type: ignore[arg-type]
                language=language,
                course_title=context.course_title,
            )
        path = out / output.path
        with storing(out):
            path.parent.mkdir(parents=True, exist_ok=True)
            folder.store.publish(path, text.encode())
    folder.record(dict.fromkeys(outputs, timeline.duration_ms))


def write_video(context: WorkerContext, out: Path, plan: LessonPlan, output: Output) -> None:
    """Join a lesson's segments to a video."""
    from narrate.video.assemble import join_lesson

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
        draft = folder.store.temporary(path.name)
        join_lesson(
            segments,
            audio=sound,
            out=draft,
            rate=plan.settings.video.rate,
            cues=timeline.cues,
            chapters=timeline.chapters,
            metadata=_make_metadata(context, plan),
            language=plan.settings.language,
            # In the lip-readable video the captions are in the picture already.
            captions_shown=output.kind == "lecture",
        )
        draft.replace(path)
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
    """What in a video is made by a machine and could be taken for a person."""
    if kind not in ("lecture", "lipreadable"):
        return []
    return [*(["voice"] if voice else []), *(["presenter"] if record else [])]


def _as_dict(entry: Published) -> dict[str, object]:
    return {name: getattr(entry, name) for name in Published.__slots__}
