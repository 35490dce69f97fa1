"""The consent gate in the steps: it is asked where the photo is decoded or animated, about the very
bytes that are, and for each task."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from avatar.consent import add_keys, create_key, record_path, trust_path
from avatar.consent.revocation import Revocation, add_to_list, list_path
from avatar.consent.trust import add_revocation, course_keys_path
from avatar.errors import AvatarError, ConsentError, PhotoError
from narrate.errors import DamagedError
from narrate.pipeline.approval import approve_photo
from narrate.pipeline.build import Means, Prepared, build, build_prepared, prepare
from narrate.pipeline.plan import Plan, Wanted
from narrate.pipeline.request import Request, plan_request
from narrate.pipeline.step import Artefact, Gate, Task
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import read_secret
from narrate.pipeline.work import do_task

LESSON = """\
# Light

Light travels in straight lines.

## Glass

In glass it slows down.
"""


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan whose photo lies in the store, so that its portrait can be prepared."""

    course: Path
    plan: Plan
    store: FolderStore

    @property
    def portrait(self) -> Task:
        assert self.plan.portrait is not None
        return self.plan.portrait

    @property
    def photo(self) -> Artefact:
        [photo] = self.portrait.taken
        return photo

    @property
    def gate(self) -> Gate:
        assert self.portrait.gate is not None
        return self.portrait.gate

    def prepare_portrait(self, gate: Gate | None = None) -> None:
        do_task(replace(self.portrait, gate=gate or self.gate), self.store, lambda share: None)

    def refuse(self, gate: Gate | None = None) -> AvatarError:
        """The gate's refusal. Nothing may be made, and no copy be named."""
        with pytest.raises(AvatarError) as caught:
            self.prepare_portrait(gate)
        assert self.store.find_missing(self.portrait.made) == set(self.portrait.made)
        told = f"{caught.value} {caught.value.place.path}"
        assert "narrate-" not in told and "/tmp" not in told.replace(str(trust_path()), "")
        return caught.value


@pytest.fixture
def ready(presented_course: Path, tmp_path: Path) -> Ready:
    plan = plan_request(Request(presented_course)).plan
    store = FolderStore(tmp_path / "store", read_secret())
    assert plan.portrait is not None
    plan.files.bring(store, [plan.portrait])
    return Ready(presented_course, plan, store)


def revoke(record_id: str) -> None:
    """As the user does, with `narrate consent revoke`."""
    add_revocation(trust_path(), Revocation(record_id, "withdrawn", datetime.now(UTC)))


def test_what_is_approved_is_served(ready: Ready) -> None:
    approved = approve_photo(ready.store.path(ready.photo), ready.gate)
    assert (approved.record_id, approved.photo_sha256) == (
        ready.gate.record_id, ready.gate.photo_sha256
    )  # fmt: skip
    ready.prepare_portrait()
    assert ready.store.fetch(ready.portrait.made[0]) is not None
    assert {a.consent for a in ready.portrait.made} == {ready.gate.record_id}


def test_what_the_user_revoked_meanwhile_is_refused(ready: Ready) -> None:
    revoke("another-record")
    approve_photo(ready.store.path(ready.photo), ready.gate)
    revoke(ready.gate.record_id)
    refused = ready.refuse()
    assert isinstance(refused, ConsentError) and refused.code == "revoked"


def test_a_list_of_revocations_that_came_with_the_course_counts(ready: Ready) -> None:
    key = create_key(ready.course.parent / "key.json", name="Somebody")
    add_keys(course_keys_path(ready.course), (key.public,))
    gate = plan_request(Request(ready.course)).plan.portrayed
    assert gate is not None
    record = record_path(ready.course / ready.gate.photo)
    add_to_list(record, Revocation(ready.gate.record_id, "withdrawn", datetime.now(UTC)), key)
    papers = list_path(record)
    listed = replace(
        gate.gate,
        papers=(
            *gate.gate.papers,
            (papers.relative_to(ready.course).as_posix(), papers.read_bytes()),
        ),
    )
    refused = ready.refuse(listed)
    assert isinstance(refused, ConsentError) and refused.code == "revoked"
    with pytest.raises(ConsentError):
        plan_request(Request(ready.course))


def test_a_photo_that_was_swapped_in_the_store_is_refused_whoever_sealed_it(ready: Ready) -> None:
    other = ready.store.temporary("other.png")
    Image.effect_noise((600, 800), 50).convert("RGB").save(other)
    path = ready.store.path(ready.photo)
    data = other.read_bytes()
    ready.store.keep(ready.photo, other, len(data), "0" * 64)
    with pytest.raises(DamagedError):  # its bytes are not those of the seal
        ready.prepare_portrait()
    assert ready.store.find_missing([ready.photo]) == {ready.photo}
    with ready.store.writing([ready.photo]) as (copy,):
        copy.write_bytes(data)
    assert path.read_bytes() == data and ready.store.fetch(ready.photo) == path
    refused = ready.refuse()
    assert isinstance(refused, ConsentError) and refused.code == "foreign-photo"


def test_a_photo_that_cannot_be_decoded_is_named_as_the_courses_own(ready: Ready) -> None:
    with ready.store.writing([ready.photo]) as (copy,):
        copy.write_bytes(b"no picture")
    refused = ready.refuse()
    assert isinstance(refused, ConsentError | PhotoError)
    assert refused.place.path == ready.gate.photo


FOREIGN: dict[str, Callable[[Gate], Gate]] = {
    "of another course": lambda gate: replace(gate, course="somebody-elses-course"),
    "of another id": lambda gate: replace(gate, record_id="ab12cd34-0000-4000-8000-000000000001"),
    "of another photo": lambda gate: replace(gate, photo_sha256="0" * 64),
    "that nobody signed": lambda gate: replace(gate, trust=replace(gate.trust, keys=())),
    "that was altered": lambda gate: replace(
        gate,
        papers=tuple((name, data.replace(b"Painted", b"Another")) for name, data in gate.papers),
    ),
    "that is gone": lambda gate: replace(gate, papers=()),
}


@pytest.mark.parametrize("record", FOREIGN)
def test_a_record_that_does_not_fit_is_refused(ready: Ready, record: str) -> None:
    gate = FOREIGN[record](ready.gate)
    assert gate != ready.gate
    refused = ready.refuse(gate)
    assert isinstance(refused, ConsentError) and refused.remedy


@pytest.fixture
def drawn_course(presented_course: Path) -> Path:
    """Two short slides without a voice, with a presenter who does not move."""
    for lesson in ("01-why-the-sky-is-blue.md", "02-how-an-eye-focuses.md"):
        (presented_course / lesson).unlink()
    (presented_course / "01-light.md").write_text(LESSON)
    text = (presented_course / "course.yaml").read_text()
    text = text[: text.index("lessons:")].replace("voice: hibari", "voice: silent")
    text = text.replace("presenter:\n", "presenter:\n  engine: still\n")
    (presented_course / "course.yaml").write_text(f"{text}video: {{size: 640x360, rate: 10}}\n")
    return presented_course


def finish(prepared: Prepared) -> list[tuple[type, str]]:
    """The kinds and tasks' files of what failed."""
    [result] = build_prepared([prepared], means=Means(jobs=1))
    return [(f.kind, f.problem.place.path) for f in result.failures]


def test_each_slide_is_animated_under_the_consent_of_the_moment(drawn_course: Path) -> None:
    """The rig was made and an engine is open in this process when consent is withdrawn."""
    request = Request(drawn_course, Wanted(parts=("lecture",)))
    whole = build(request, means=Means(jobs=1))
    assert whole.failures == ()
    store = FolderStore(whole.out / ".store", read_secret())
    lost = [a for slide in whole.plan.slides if slide.segment for a in slide.segment.made]
    videos = [output.artefact for output in whole.plan.outputs if output.kind == "lecture"]

    def lose_videos() -> Prepared:
        for artefact in (*lost, *videos):
            store.drop(artefact)
        (whole.out / "01-light/lecture.mp4").unlink()
        prepared = prepare(request)
        assert sorted(task.kind for task in prepared.tasks) == ["segment", "segment", "video"]
        return prepared

    assert finish(lose_videos()) == []
    prepared = lose_videos()
    assert whole.plan.portrayed is not None
    revoke(whole.plan.portrayed.record_id)
    failed = finish(prepared)
    assert failed and {kind for kind, _ in failed} == {ConsentError}
    assert store.find_missing([*lost, *videos]) == {*lost, *videos}
    assert not (whole.out / "01-light/lecture.mp4").exists()


def test_the_gate_is_given_the_revocations_that_lie_beside_the_record(
    presented_course: Path, tmp_path: Path
) -> None:
    key = create_key(tmp_path / "another.key")
    add_keys(course_keys_path(presented_course), (key.public,))
    portrayed = plan_request(Request(presented_course)).plan.portrayed
    assert portrayed is not None
    before = dict(portrayed.gate.papers)
    record = record_path(presented_course / portrayed.gate.photo)
    listed = add_to_list(record, Revocation(str(uuid.uuid4()), "withdrawn", datetime.now(UTC)), key)
    portrayed = plan_request(Request(presented_course)).plan.portrayed
    assert portrayed is not None
    name = listed.relative_to(presented_course).as_posix()
    assert dict(portrayed.gate.papers) == {**before, name: listed.read_bytes()}
