"""Property tests draw the same examples everywhere: a change is judged by what it changes.

HYPOTHESIS_PROFILE=hunt draws new ones, to look for what nobody has thought of.
"""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: how long an example takes says more of the machine than of the code.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("hunt", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
