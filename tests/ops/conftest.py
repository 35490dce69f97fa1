"""The scripts in `ops` are programs, not a package: they import each other from their folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "ops"))
