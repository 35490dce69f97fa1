from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from narrate.errors import RenderError, StoreError
from narrate.layout import Layout, find_portrait_size, lay_out_lecture, lay_out_lipreadable
from narrate.video.encode import View, render_slide
from narrate.vocabulary import Cue, Pixels

SIZE = (640, 360)
RATE = Fraction(30)
LECTURE = lay_out_lecture(SIZE)
LIPREADABLE = lay_out_lipreadable(SIZE)


def png(level: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", SIZE, (level, level, level)).save(target, "PNG")
    return target.getvalue()


def faces(layouts: Sequence[Layout], count: int) -> Iterator[Pixels]:
    """Give frames in which every pixel of frame n has the value n × 4."""
    size = find_portrait_size(layouts)
    assert size is not None
    for n in range(count):
        yield np.full((size[1], size[0], 3), n * 4, np.uint8)


def frame_time(frame: av.VideoFrame) -> Fraction:
    assert frame.pts is not None and frame.time_base is not None
    return frame.pts * frame.time_base


def decoded(path: Path) -> list[tuple[Fraction, npt.NDArray[np.uint8]]]:
    with av.open(str(path)) as source:
        return [
            (frame_time(frame) * RATE, np.asarray(frame.to_ndarray(format="gray"), np.uint8))
            for frame in source.decode(video=0)
        ]


def test_a_still_picture_is_held_across_groups(tmp_path: Path) -> None:
    """Repeated packets give every frame, change at the step, and are decoded without errors."""
    view = View(
        lay_out_lecture(SIZE, has_presenter=False),
        (noisy(60), noisy(180)),
        tmp_path / "h.mp4",
        (0, 301),
    )
    render_slide([view], frames=430, rate=RATE)
    with av.open(str(view.output)) as source:
        source.streams.video[0].codec_context.options = {"err_detect": "explode"}
        made = [
            (frame_time(frame) * RATE, float(frame.to_ndarray(format="gray").mean()))
            for frame in source.decode(video=0)
        ]
    assert [at for at, _ in made] == list(range(430))
    levels = np.array([level for _, level in made])
    assert np.abs(levels[:301] - 60).max() < 6
    assert np.abs(levels[301:] - 180).max() < 6


def noisy(level: int) -> bytes:
    target = io.BytesIO()
    noise = Image.effect_noise(SIZE, 40).point(lambda p: level + (p - 128) // 8)
    noise.convert("RGB").save(target, "PNG")
    return target.getvalue()


def render(folder: Path, *, frames: int = 40, cues: Sequence[Cue] = ()) -> dict[str, Path]:
    layouts = (LECTURE, LIPREADABLE)
    out = {layout.name: folder / f"{layout.name}.mp4" for layout in layouts}
    render_slide(
        [View(layout, (png(60), png(180)), out[layout.name], (0, 25)) for layout in layouts],
        frames=frames,
        rate=RATE,
        portrait=faces(layouts, frames),
        cues=cues,
    )
    return {str(name): path for name, path in out.items()}


def test_both_segments_have_every_frame_at_the_right_time(tmp_path: Path) -> None:
    for layout in (LECTURE, LIPREADABLE):
        made = decoded(render(tmp_path)[layout.name])
        assert [at for at, _ in made] == list(range(40))
        panel = layout.presenter
        assert panel is not None
        for n, (_, picture) in enumerate(made):
            middle = picture[panel.y + panel.height // 2, panel.x + panel.width // 2]
            assert abs(int(middle) - n * 4) <= 6
            # The slide changes at frame 25, not one before or after.
            assert abs(int(picture[layout.content.y, layout.content.x]) - (60, 180)[n >= 25]) <= 6


def test_rendering_again_gives_the_same_bytes(tmp_path: Path) -> None:
    cues = (Cue(100, 900, ("Again and again", "the same")),)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = render(tmp_path / "a", cues=cues), render(tmp_path / "b", cues=cues)
    for name in one:
        assert one[name].read_bytes() == other[name].read_bytes()


def test_captions_are_shown_from_their_first_to_their_last_frame(tmp_path: Path) -> None:
    made = decoded(render(tmp_path, cues=(Cue(200, 600, ("Hello",)), Cue(600, 1000, ("You",)))
    )["lipreadable"])  # fmt: skip
    band = LIPREADABLE.captions
    assert band is not None
    inside = [picture[band.y : band.bottom, band.x : band.right] for _, picture in made]
    shown = [bool((part > 200).any()) for part in inside]
    assert shown == [6 <= n < 30 for n in range(40)]
    assert np.abs(inside[17].astype(int) - inside[18]).max() > 100  # the text changes at 600 ms


def test_a_view_can_lack_a_presenter_and_a_portrait_can_end_early(tmp_path: Path) -> None:
    alone = View(lay_out_lecture(SIZE, has_presenter=False), (png(90),), tmp_path / "alone.mp4")
    render_slide([alone], frames=10, rate=RATE)
    assert [at for at, _ in decoded(alone.output)] == list(range(10))
    short = View(LECTURE, (png(90),), tmp_path / "short.mp4")
    render_slide([short], frames=10, rate=RATE, portrait=faces([LECTURE], 5))
    panel = LECTURE.presenter
    assert panel is not None
    last = decoded(short.output)[-1][1]
    assert abs(int(last[panel.y + 20, panel.x + 20]) - 16) <= 6


def test_other_frame_rates_are_exact(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    view = View(lay_out_lecture(SIZE, has_presenter=False), (png(90),), tmp_path / "ntsc.mp4")
    render_slide([view], frames=12, rate=rate)
    with av.open(str(view.output)) as source:
        assert source.streams.video[0].average_rate == rate
        times = [frame_time(frame) for frame in source.decode(video=0)]
    assert times == [n / rate for n in range(12)]


def test_the_video_is_marked_as_bt709(tmp_path: Path) -> None:
    with av.open(str(render(tmp_path)["lecture"])) as source:
        context = source.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == 1
        assert context.pix_fmt == "yuv420p"


def test_a_failing_portrait_leaves_no_files(tmp_path: Path) -> None:
    def broken() -> Iterator[Pixels]:
        yield from faces([LECTURE], 3)
        raise RenderError("The portrait broke.")

    view = View(LECTURE, (png(90),), tmp_path / "x.mp4")
    with pytest.raises(RenderError, match="portrait broke"):
        render_slide([view], frames=30, rate=RATE, portrait=broken())
    assert list(tmp_path.iterdir()) == []


def test_a_failing_view_stops_the_others(tmp_path: Path) -> None:
    good = View(LIPREADABLE, (png(90),), tmp_path / "good.mp4")
    bad = View(LECTURE, (b"no picture",), tmp_path / "bad.mp4")
    with pytest.raises(RenderError, match="lecture"):
        render_slide(
            [good, bad],
            frames=300,
            rate=RATE,
            portrait=faces([LIPREADABLE], 60),
        )
    assert list(tmp_path.iterdir()) == []


def test_the_error_names_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    view = View(LECTURE, (png(90),), tmp_path / "missing" / "x.mp4")
    with pytest.raises(StoreError, match=r"x\.mp4"):
        render_slide([view], frames=3, rate=RATE)


@pytest.mark.parametrize("starts", [(0, 5), (), (1,)])
def test_each_picture_must_have_a_first_frame(starts: tuple[int, ...], tmp_path: Path) -> None:
    view = View(LECTURE, (png(90),), tmp_path / "x.mp4", starts)
    with pytest.raises(RenderError, match=f"1 pictures, but begins of {len(starts)}"):
        render_slide([view], frames=30, rate=RATE)


def test_there_must_be_a_frame(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="0 frames"):
        render_slide([View(LECTURE, (png(90),), tmp_path / "x.mp4")], frames=0, rate=RATE)
