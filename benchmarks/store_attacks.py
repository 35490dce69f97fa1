"""Attacks through a store and through a course that brings its own output folder.

    python -m benchmarks.store_attacks [NAME ...]

Each attack puts something foreign where a build looks, and builds. Nothing foreign may be served:
every file that comes out must have the bytes of an honest build, or the build must refuse with an
error that has a name. Each has a control, in which the same place holds what is ours: there it must
be served, so that an attack does not fail for the mere reason that nothing is ever taken.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from avatar.consent import (
    Record,
    Revocation,
    Signer,
    Terms,
    add_keys,
    check,
    course_keys_path,
    create_key,
    grant,
    load_trust,
    record_path,
    trust_path,
)
from avatar.consent.trust import add_revocation
from foundation.problem import ProblemError
from narrate.pipeline.build import BuildResult, Means, Prepared, build, prepare
from narrate.pipeline.request import Request
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.seals import make_seal
from narrate.pipeline.store.secret import Secret

PHOTO = "presenter/presenter.png"
SAMPLE = Path(__file__).resolve().parents[1] / "samples/course"
ATTACKER = Secret(b"attacker" * 4)
FOREIGN = b"FOREIGN" * 50
COURSE = """\
title: Attacked
id: light-and-sight
voice: silent
video: {size: 640x360, rate: 10}
presenter: {photo: presenter/presenter.png, engine: still}
"""
LESSON = "# One\n\nA first sentence.\n\n## Two\n\nAnother sentence, and a third one.\n"
MOST_BUILDS = 12
"""In so many builds the samples of the output folder must find what was changed in secret."""


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


Attack = Callable[[Lab], None]
ATTACKS: dict[str, Attack] = {}


def attack(name: str) -> Callable[[Attack], Attack]:
    def add(function: Attack) -> Attack:
        ATTACKS[name] = function
        return function

    return add


STAGES = ("portrait", "speech", "check", "picture", "segment", "video", "captions", "transcript")


def _add_stage(stage: str) -> None:
    @attack(f"a forged {stage}, sealed by another's secret")
    def sealed(lab: Lab) -> None:
        artefact = lab.find(stage)
        lab.expose(artefact)
        lab.put(artefact, FOREIGN, ATTACKER)

    @attack(f"a forged {stage} under the true seal")
    def unsealed(lab: Lab) -> None:
        artefact = lab.find(stage)
        lab.expose(artefact)
        true = lab.path(artefact).read_bytes()
        lab.put(artefact, (FOREIGN * (len(true) // len(FOREIGN) + 1))[: len(true)], None)


for _stage in STAGES:
    _add_stage(_stage)


@attack("a segment of another slide, with its own true seal")
def swap_segments(lab: Lab) -> None:
    first, second = lab.find("segment", 0), lab.find("segment", 1)
    lab.expose(first)
    lab.expose(second)
    for of in (lab.path, lab.seal_path):
        of(first).unlink()
        shutil.copyfile(of(second), of(first))


@attack("the rig of an earlier record, replayed under a new one")
def replay_rig(lab: Lab) -> None:
    old = lab.find("portrait")
    record = _read_record(lab)
    key = create_key(lab.root / "signing-key.json", name="Somebody")
    add_keys(course_keys_path(lab.course), (key.public,))
    terms = Terms(
        record.subject,
        record.basis,
        record.statement,
        record.scope,
        record.valid_until,
        Signer("Somebody", "teacher", "by telephone"),
    )
    grant(lab.course / PHOTO, terms, key=key, force=True)
    new = lab.find("portrait")
    assert old != new
    for of in (lab.path, lab.seal_path):
        of(new).parent.mkdir(exist_ok=True)
        shutil.copyfile(of(old), of(new))


@attack("a revoked record, while all that was made under it lies there")
def revoke_record(lab: Lab) -> None:
    add_revocation(trust_path(), Revocation(_read_record(lab).id, "withdrawn", datetime.now(UTC)))


def _read_record(lab: Lab) -> Record:
    photo = lab.course / PHOTO
    trust = load_trust(lab.course)
    return check(photo, record_path(photo), course="light-and-sight", trust=trust)


@attack("another photo under the name of the approved one")
def swap_photo(lab: Lab) -> None:
    artefact = lab.prepare().plan.portrayed.photo  # type: ignore[union-attr]
    lab.expose(artefact)
    picture = next((SAMPLE / "media").rglob("*.png"))
    lab.put(artefact, picture.read_bytes(), ATTACKER)


@attack("a lecture in the output folder, entered in the ledger")
def enter_lecture(lab: Lab) -> None:
    _enter(lab, "mac kept")


@attack("a lecture entered in the ledger by another's secret")
def enter_by_other(lab: Lab) -> None:
    _enter(lab, "attacker")


@attack("a lecture entered with the HMAC of another file")
def enter_by_copy(lab: Lab) -> None:
    _enter(lab, "copied")


def _enter(lab: Lab, how: str) -> None:
    from narrate.pipeline.outputs import Published

    entries = json.loads(lab.ledger.read_text())
    lab.lecture.unlink()
    lab.lecture.write_bytes(FOREIGN)
    entry = entries["01-one/lecture.mp4"]
    facts = lab.lecture.stat()
    entry |= {
        "bytes": facts.st_size,
        "mtime_ns": facts.st_mtime_ns,
        "sha256": hashlib.sha256(FOREIGN).hexdigest(),
    }
    path = "01-one/lecture.mp4"
    if how == "attacker":
        entry["mac"] = ATTACKER.authenticate("output", *Published(**entry).facts(path))
    elif how == "copied":
        entry["mac"] = entries["01-one/captions.vtt"]["mac"]
    lab.ledger.write_text(json.dumps(entries))


@attack("a course that comes with a whole output folder of another user")
def ship_folder(lab: Lab) -> None:
    mine = os.environ["NARRATE_STORE_SECRET"]
    os.environ["NARRATE_STORE_SECRET"] = "the secret of another user, long enough"
    try:
        shutil.rmtree(lab.out)
        lab.build()
        entries = json.loads(lab.ledger.read_text())
        lab.lecture.unlink()
        lab.lecture.write_bytes(FOREIGN)
        facts = lab.lecture.stat()
        from narrate.pipeline.outputs import Published
        from narrate.pipeline.store.secret import read_secret

        entry = entries["01-one/lecture.mp4"] | {
            "bytes": facts.st_size, "mtime_ns": facts.st_mtime_ns,
            "sha256": hashlib.sha256(FOREIGN).hexdigest(),
        }  # fmt: skip
        entry["mac"] = read_secret().authenticate(
            "output", *Published(**entry).facts("01-one/lecture.mp4")
        )
        entries["01-one/lecture.mp4"] = entry
        lab.ledger.write_text(json.dumps(entries))
    finally:
        os.environ["NARRATE_STORE_SECRET"] = mine


@attack("a manifest that claims other files and no consent")
def edit_manifest(lab: Lab) -> None:
    manifest = lab.out / "manifest.json"
    content = json.loads(manifest.read_text())
    content["consent"] = None
    content["outputs"] = [dict(content["outputs"][0], sha256="0" * 64, consent_record=None)]
    manifest.write_text(json.dumps(content))


@attack("a lecture of the same size with its time put back")
def flip_quietly(lab: Lab) -> None:
    facts = lab.lecture.stat()
    data = bytearray(lab.lecture.read_bytes())
    data[len(data) // 2] ^= 1
    lab.lecture.unlink()
    lab.lecture.write_bytes(data)
    os.utime(lab.lecture, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@attack("a lecture that is a link to another file")
def link_lecture(lab: Lab) -> None:
    facts = lab.lecture.stat()
    foreign = lab.root / "foreign.mp4"
    foreign.write_bytes((FOREIGN * (facts.st_size // len(FOREIGN) + 1))[: facts.st_size])
    os.utime(foreign, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    lab.lecture.unlink()
    lab.lecture.symlink_to(foreign)


@attack("an artefact that is a link out of the store")
def link_artefact(lab: Lab) -> None:
    artefact = lab.find("segment")
    lab.expose(artefact)
    elsewhere = lab.root / "segment"
    shutil.move(lab.path(artefact), elsewhere)
    lab.path(artefact).symlink_to(elsewhere)


@attack("a seal that is a link")
def link_seal(lab: Lab) -> None:
    artefact = lab.find("segment")
    lab.expose(artefact)
    lab.put(artefact, FOREIGN, ATTACKER)
    elsewhere = lab.root / "seal"
    shutil.move(lab.seal_path(artefact), elsewhere)
    lab.seal_path(artefact).symlink_to(elsewhere)


@attack("a store that is a link out of the course")
def link_store(lab: Lab) -> None:
    shutil.move(lab.store, lab.root / "store")
    lab.store.symlink_to(lab.root / "store")


@attack("absurd JSON in a seal")
def absurd_seal(lab: Lab) -> None:
    artefact = lab.find("segment")
    lab.expose(artefact)
    lab.seal_path(artefact).write_text("[" * 200_000)


@attack("absurd JSON in the ledger")
def absurd_ledger(lab: Lab) -> None:
    lab.ledger.write_text("[" * 200_000)


def _add_folder(name: str, place: Callable[[Lab], Path]) -> None:
    @attack(f"a folder in the place of {name}")
    def put_folder(lab: Lab) -> None:
        path = place(lab)
        path.unlink()
        (path / "inside").mkdir(parents=True)


_add_folder("a narration", lambda lab: lab.path(lab.find("speech")))
_add_folder("a seal", lambda lab: lab.seal_path(lab.find("speech")))
_add_folder("the ledger", lambda lab: lab.ledger)
_add_folder("the manifest", lambda lab: lab.out / "manifest.json")
_add_folder("the report", lambda lab: lab.out / "report.html")
_add_folder("a lecture", lambda lab: lab.lecture)


def judge(lab: Lab, name: str) -> str:
    """Attack the lab and build. Gives how it ended; raises AssertionError if something foreign was
    served."""
    ATTACKS[name](lab)
    for builds in range(1, MOST_BUILDS + 1):
        try:
            result = lab.build()
        except ProblemError as error:
            return f"refused: {type(error).__name__}"
        assert not result.failures, f"{name}: {result.failures}"
        if name.startswith("the rig of an earlier record"):
            assert result.slides == 2, f"{name}: the slides were not rendered again"
            return "made anew"
        if lab.digests() == lab.good:
            return "made anew" if builds == 1 else f"found by build {builds}"
    raise AssertionError(f"{name}: something foreign was served")


def control(lab: Lab) -> None:
    """What is ours is served: each stage's artefact is used as it lies there."""
    for stage in STAGES:
        artefact = lab.find(stage)
        lab.expose(artefact)
        assert lab.is_served(artefact), f"the true {stage} was not served"
        assert not lab.build().failures
        assert lab.digests() == lab.good, f"other bytes after the {stage}"
    assert lab.build().made == (), "a second build made something"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("names", nargs="*")
    names = parser.parse_args().names or list(ATTACKS)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, own_environment(Path(folder)):
        first = Lab.set_up(Path(folder) / "first")
        kept = Path(folder) / "kept"
        shutil.copytree(first.root, kept, symlinks=True)
        for number, name in enumerate(["control", *names]):
            root = Path(folder) / f"lab-{number}"
            _copy(kept, root)
            lab = Lab(root, dict(first.good))
            try:
                os.environ["XDG_CONFIG_HOME"] = str(root / "config")
                if name == "control":
                    control(lab)
                    told = "what is ours is served at each of the stages"
                else:
                    told = judge(lab, name)
            except AssertionError as error:
                failed += 1
                told = f"SERVED: {error}"
            print(f"{name}: {told}", flush=True)
            shutil.rmtree(root)
    print(f"{len(names)} attacks, {failed} failures")
    return 1 if failed else 0


def _copy(kept: Path, root: Path) -> None:
    """A copy of a lab, with the times of its files."""
    shutil.copytree(kept, root, symlinks=True, copy_function=shutil.copy2)


@contextlib.contextmanager
def own_environment(folder: Path):  # type: ignore[no-untyped-def]
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


if __name__ == "__main__":
    sys.exit(main())
