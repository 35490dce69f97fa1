"""Build a draft of a course in dark colours, and show how far it is.

python samples/examples/build_with_progress.py samples/course OUTPUT_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import narrate


def show(progress: narrate.Progress) -> None:
    left = "" if progress.seconds_left is None else f", {progress.seconds_left:.0f} s left"
    print(f"{progress.share:4.0%}{left}: {', '.join(progress.doing) or 'waiting'}")


def main(folder: Path, out: Path) -> int:
    course = narrate.load_course(folder, settings={"theme": "dark"})
    words = sum(len(slide.written.split()) for lesson in course.lessons for slide in lesson.slides)
    print(f"{course.title}: {len(course.lessons)} lessons, {words} words")

    planned = narrate.plan(course, draft=True, out=out)
    print(f"{len(planned.tasks)} tasks for {len(planned.outputs)} files")

    result = narrate.build(course, draft=True, out=out, progress=show)
    print(f"{len(result.made)} files made in {result.seconds:.1f} s, in {result.out}")
    return 1 if result.failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
    except narrate.ProblemError as error:
        sys.exit(str(error))
