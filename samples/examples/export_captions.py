"""Write the captions of a course in every format, and say what a person should look at.

python samples/examples/export_captions.py samples/course OUTPUT_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import narrate


def main(course: Path, out: Path) -> int:
    for finding in narrate.check(course).findings:
        print(f"{finding.severity}: {finding.place}: {finding.message}")
    result = narrate.export(course, "captions", out=out)
    for output in (*result.made, *result.kept):
        print(result.out / output.path)
    for failure in result.failures:
        print(f"not made: {failure}", file=sys.stderr)
    return 1 if result.failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
    except narrate.ProblemError as error:
        sys.exit(str(error))
