"""The attacks, each by its name, and how one is judged."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
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
from narrate.pipeline.store.secret import Secret

from .lab import PHOTO, SAMPLE, Lab

ATTACKER = Secret(b"attacker" * 4)
FOREIGN = b"FOREIGN" * 50
MOST_BUILDS = 12
"""In so many builds the samples of the output folder must find what was changed in secret."""

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
