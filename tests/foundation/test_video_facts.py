from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from foundation.video_facts import VideoFacts, video_facts_of


def test_size_rate_and_number_of_frames_are_read_from_the_header(tmp_path: Path) -> None:
    path = tmp_path / "small.mp4"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=Fraction(30000, 1001))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    with av.open(str(path)) as source:
        facts = video_facts_of(source.streams.video[0])
    assert facts == VideoFacts((64, 48), Fraction(30000, 1001), 3)
