"""Stands in for the program `piper` where no Piper voice can be had: it speaks with hibari.

It takes the arguments that slideSonnet gives, reads the text from standard input, and writes a
WAV file. If SPEECH_LOG names a file, it adds a line of JSON: how long the model took to load, how
long the text took to speak, and how long the speech is.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

SPEECH_LOG = "FIRST_VIDEO_SPEECH_LOG"


def main() -> int:
    began = time.monotonic()
    options = argparse.ArgumentParser(prog="piper")
    options.add_argument("--output_file", required=True)
    options.add_argument("--length_scale", type=float, default=1.0)
    given, _ = options.parse_known_args()
    text = sys.stdin.read().strip()
    from hibari import SAMPLE_RATE, Hibari, write_wav

    voice = Hibari()
    _ = voice.g2p  # loads when it is first used
    loaded = time.monotonic()
    sound = voice(text, speed=1 / given.length_scale, seed=0)
    write_wav(given.output_file, sound)
    if log := os.environ.get(SPEECH_LOG):
        entry = {
            "loading": loaded - began,
            "speaking": time.monotonic() - loaded,
            "speech": len(sound) / SAMPLE_RATE,
        }
        with Path(log).open("a") as lines:
            lines.write(json.dumps(entry) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
