"""The tools that decks are written for, as witnesses of how many slides a deck has, what their
titles are, and what is said on them.

    python -m benchmarks.foreign.oracles setup --into FOLDER
    export FOREIGN_ORACLES=FOLDER
    python -m benchmarks.foreign.oracles ask slidev slides.md
    python -m benchmarks.foreign.oracles compare slidev slides.md

Setup installs the tools, with the versions that package.json names, into a folder outside of the
repository; it needs Node.js 20.12 or newer. Nothing that a deck names is run: no R, Python or
settings file.
"""

from __future__ import annotations

from .slides import OracleError as OracleError
from .slides import OracleSlide as OracleSlide
from .slides import fold as fold
from .slides import visible as visible
from .tools import TOOLS as TOOLS
from .tools import ask as ask
