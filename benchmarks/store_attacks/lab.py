"""A small course that was built, for attacks on its store and on its output folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from narrate.pipeline.build import BuildResult, Means, Prepared, build, prepare
from narrate.pipeline.request import Request
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.seals import make_seal
from narrate.pipeline.store.secret import Secret

PHOTO = "presenter/presenter.png"
SAMPLE = Path(__file__).resolve().parents[2] / "samples/course"
COURSE = """\
title: Attacked
id: light-and-sight
voice: silent
video: {size: 640x360, rate: 10}
presenter: {photo: presenter/presenter.png, engine: still}
"""
LESSON = "# One\n\nA first sentence.\n\n## Two\n\nAnother sentence, and a third one.\n"


@dataclass
class Lab:
    """A small course that was built, and what its outputs must be."""

    root: Path
    good: dict[str, str] = field(default_factory=dict)

    @classmethod
    def set_up(cls, root: Path) -> Lab:
        course = root / "course"
        shutil.copytree(SAMPLE / "presenter", course / "presenter")
        (course / "course.yaml").write_text(COURSE)
        (course / "01-one.md").write_text(LESSON)
        lab = cls(root)
        assert not lab.build().failures
        lab.good = lab.digests()
        return lab

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def out(self) -> Path:
        return self.course / "build"

    @property
    def store(self) -> Path:
        return self.out / ".store"

    @property
    def lecture(self) -> Path:
        return self.out / "01-one/lecture.mp4"

    @property
    def ledger(self) -> Path:
        return self.store / "published.json"

    def build(self) -> BuildResult:
        return build(Request(self.course), means=Means(jobs=1))

    def prepare(self) -> Prepared:
        return prepare(Request(self.course))

    def digests(self) -> dict[str, str]:
        return {
            p.relative_to(self.out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(self.out.rglob("*"))
            if p.is_file() and ".store" not in p.parts and "-aside-" not in str(p)
        }

    def find(self, kind: str, number: int = 0) -> Artefact:
        """What a task of this kind makes."""
        tasks = [task for task in self.prepare().plan.walk_tasks() if task.kind == kind]
        return tasks[number].made[0]

    def path(self, artefact: Artefact) -> Path:
        return self.store / artefact.key[:2] / artefact.name

    def seal_path(self, artefact: Artefact) -> Path:
        path = self.path(artefact)
        return path.with_name(path.name + ".seal")

    def expose(self, artefact: Artefact) -> None:
        """Delete everything that is made from an artefact, so that a build has to read it."""
        gone = {artefact}
        for task in self.prepare().plan.walk_tasks():
            if gone & set(task.taken):
                gone |= set(task.made)
        for other in gone - {artefact}:
            self.path(other).unlink(missing_ok=True)
            self.seal_path(other).unlink(missing_ok=True)
        for path in self.good:
            (self.out / path).unlink(missing_ok=True)

    def is_served(self, artefact: Artefact) -> bool:
        """Whether a build would use the artefact as it lies there."""
        return all(artefact not in task.made for task in self.prepare().tasks)

    def put(self, artefact: Artefact, data: bytes, secret: Secret | None) -> None:
        """Put other bytes in an artefact's place, with a new seal by this secret or the old one."""
        path = self.path(artefact)
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        if secret:
            digest = hashlib.sha256(data).hexdigest()
            seal = make_seal(secret, artefact, len(data), digest)
            self.seal_path(artefact).write_bytes(seal.encode())


@contextlib.contextmanager
def own_environment(folder: Path) -> Iterator[None]:
    """Nobody's settings, keys or secret but the lab's."""
    ours = {
        "NARRATE_STORE_SECRET": "the secret of the laboratory, which is long enough",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ |= ours
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
