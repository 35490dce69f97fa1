"""Voices of a few operations, written as ONNX by hand, without weights and without the `onnx`
package.

They have the structure of a Piper and a Kokoro voice: a length for each symbol, and noise of that
length.
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

LETTERS = " ,.?!abcdefghijklmnopqrstuvwxyzəɪˈ"
PIPER_IDS = {"_": [0], "^": [1], "$": [2], **{c: [at + 3] for at, c in enumerate(LETTERS)}}
HOP = 256
FLOAT, INT64 = 1, 7


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def _bytes(field: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _node(operator: str, inputs: list[str], output: str, **attributes: int) -> bytes:
    """NodeProto: input = 1, output = 2, op_type = 4, attribute = 5 (name 1, i 3, type 20)."""
    out = b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, operator)
    for name, value in attributes.items():
        out += _bytes(5, _bytes(1, name) + _number(3, value) + _number(20, 2))
    return _bytes(1, out)


def _constant(name: str, values: list[float] | list[int], kind: int) -> bytes:
    """GraphProto.initializer = 5: dims 1, data_type 2, name 8, raw_data 9."""
    raw = struct.pack(f"<{len(values)}{'f' if kind == FLOAT else 'q'}", *values)
    return _bytes(5, _number(1, len(values)) + _number(2, kind) + _bytes(8, name) + _bytes(9, raw))


def _value(field: int, name: str, kind: int, *dims: int | str) -> bytes:
    """ValueInfoProto: name 1, type 2 > tensor_type 1 > elem_type 1, shape 2 > dim 1."""
    shape = b"".join(_bytes(1, _number(1, d) if isinstance(d, int) else _bytes(2, d)) for d in dims)
    tensor = _number(1, kind) + _bytes(2, shape)
    return _bytes(field, _bytes(1, name) + _bytes(2, _bytes(1, tensor)))


def _model(*parts: bytes) -> bytes:
    """ModelProto: ir_version 1, graph 7 (name 2), opset_import 8 (version 2)."""
    graph = b"".join(parts) + _bytes(2, "tiny")
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 17))


def _as_sound(noise: str, output: str) -> bytes:
    """Nodes that turn noise of shape (1, 1, frames) into samples, each held for a frame."""
    return b"".join(
        (
            _node("Unsqueeze", [noise, "three"], "held"),
            _node("Expand", ["held", "frame"], "frames"),
            _node("Reshape", ["frames", "flat"], "loud"),
            _node("Mul", ["loud", "quieter"], output),
        )
    )


def piper_model() -> bytes:
    """A model in which each symbol lasts three to six hops, by its id and the rhythm's noise."""
    return _model(
        _node("Gather", ["scales", "zero"], "timbre_scale", axis=0),
        _node("Gather", ["scales", "one"], "pace", axis=0),
        _node("Gather", ["scales", "two"], "rhythm_scale", axis=0),
        _node("Shape", ["input"], "size"),
        _node("Gather", ["size", "one_index"], "symbols", axis=0),
        _node("Concat", ["ones", "symbols"], "rhythm_shape", axis=0),
        _node("ConstantOfShape", ["rhythm_shape"], "flows"),
        _node("RandomNormalLike", ["flows"], "/dp/noise"),
        _node("Mul", ["/dp/noise", "rhythm_scale"], "rhythm"),
        _node("ReduceMean", ["rhythm"], "swing"),
        _node("Cast", ["input"], "number", to=FLOAT),
        _node("Sin", ["number"], "wave"),
        _node("Add", ["wave", "four"], "base"),
        _node("Add", ["base", "swing"], "long"),
        _node("Unsqueeze", ["long", "one_axis"], "long3"),
        _node("Squeeze", ["long3", "zero_axis"], "long2"),
        _node("Unsqueeze", ["long2", "zero_axis"], "lengths"),
        _node("Mul", ["lengths", "pace"], "scaled"),
        _node("Ceil", ["scaled"], "hops"),
        _node("ReduceSum", ["hops"], "total"),
        _node("Cast", ["total"], "count", to=INT64),
        _node("Reshape", ["count", "one_number"], "counted"),
        _node("Concat", ["ones2", "counted"], "sound_shape", axis=0),
        _node("ConstantOfShape", ["sound_shape"], "flat_mean"),
        _node("Abs", ["flat_mean"], "mean"),
        _node("RandomNormalLike", ["mean"], "/noise"),
        _node("Mul", ["/noise", "timbre_scale"], "timbre"),
        _as_sound("timbre", "output"),
        *(_constant(name, [at], INT64) for at, name in enumerate(("zero", "one", "two"))),
        _constant("one_index", [1], INT64),
        _constant("ones", [1, 2], INT64),
        _constant("ones2", [1, 1], INT64),
        _constant("zero_axis", [0], INT64),
        _constant("one_axis", [1], INT64),
        _constant("three", [3], INT64),
        _constant("one_number", [1], INT64),
        _constant("flat", [1, 1, -1], INT64),
        _constant("frame", [1, 1, 1, HOP], INT64),
        _constant("four", [4.2], FLOAT),
        _constant("quieter", [0.05], FLOAT),
        _value(11, "input", INT64, "batch", "phonemes"),
        _value(11, "input_lengths", INT64, "batch"),
        _value(11, "scales", FLOAT, 3),
        _value(12, "output", FLOAT, "batch", "channel", "time"),
    )


def kokoro_model() -> bytes:
    """A model in which each symbol lasts four frames; the sound depends on the style."""
    return _model(
        _node("Cast", ["tokens"], "number", to=FLOAT),
        _node("Mul", ["number", "nothing"], "zeros"),
        _node("Add", ["zeros", "four"], "lengths"),
        _node("Div", ["lengths", "speed"], "/encoder/Div_output_0"),
        _node("Round", ["/encoder/Div_output_0"], "whole"),
        _node("Clip", ["whole", "least"], "/encoder/Clip_output_0"),
        _node("ReduceSum", ["/encoder/Clip_output_0"], "total"),
        _node("Cast", ["total"], "count", to=INT64),
        _node("Reshape", ["count", "one_number"], "counted"),
        _node("Concat", ["counted", "six_hundred"], "shape", axis=0),
        _node("Range", ["zero", "summed", "step"], "ramp"),
        _node("Squeeze", ["total"], "summed"),
        _node("Sin", ["ramp"], "wave"),
        _node("Reshape", ["wave", "column"], "tall"),
        _node("Expand", ["tall", "shape"], "frames"),
        _node("Reshape", ["frames", "flat"], "steps"),
        _node("ReduceMean", ["style"], "tone3"),
        _node("Reshape", ["tone3", "one_number"], "tone"),
        _node("Mul", ["steps", "tone"], "audio"),
        _constant("nothing", [0.0], FLOAT),
        _constant("four", [4.0], FLOAT),
        _bytes(5, _number(2, FLOAT) + _bytes(8, "least") + _bytes(9, struct.pack("<f", 1.0))),
        _bytes(5, _number(2, FLOAT) + _bytes(8, "zero") + _bytes(9, struct.pack("<f", 0.0))),
        _bytes(5, _number(2, FLOAT) + _bytes(8, "step") + _bytes(9, struct.pack("<f", 1.0))),
        _constant("one_number", [1], INT64),
        _constant("six_hundred", [600], INT64),
        _constant("column", [-1, 1], INT64),
        _constant("flat", [-1], INT64),
        _value(11, "tokens", INT64, 1, "sequence_length"),
        _value(11, "style", FLOAT, 1, 256),
        _value(11, "speed", FLOAT, 1),
        _value(12, "audio", FLOAT, "audio_length"),
    )


def write_piper(folder: Path, name: str = "en_US-tiny-low") -> Path:
    """Write a Piper voice into a model folder, and return its path."""
    path = folder / "piper" / f"{name}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(piper_model())
    settings = {
        "audio": {"sample_rate": 22_050},
        "espeak": {"voice": "en-us"},
        "phoneme_id_map": PIPER_IDS,
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(settings), encoding="utf-8")
    return path


def write_kokoro(folder: Path, *names: str) -> Path:
    """Write a Kokoro model and its voices into a model folder, and return the model's path."""
    path = folder / "kokoro" / "tiny.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(kokoro_model())
    for at, name in enumerate(names):
        style = np.full((510, 256), 0.1 + 0.3 * at, "<f4")
        (path.parent / f"{name}.bin").write_bytes(style.tobytes())
    return path


@dataclass
class _Config:
    phoneme_id_map: dict[str, list[int]]
    noise_scale: float = 0.667
    noise_w_scale: float = 0.8
    length_scale: float = 1.0
    hop_length: int = HOP
    num_speakers: int = 1
    default_speaker_id: int = 0

    @staticmethod
    def from_dict(settings: dict[str, Any]) -> _Config:
        return _Config(settings["phoneme_id_map"])


@dataclass
class _Reader:
    """A reader that reads letters as they are, and joins "of the" into one word as espeak does."""

    session: object
    config: _Config

    def phonemize(self, text: str) -> list[list[str]]:
        return [list(text.lower().replace("of the", "əvthe"))] if text else []


def pretend_piper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the package piper-tts, which is not in the test extra because of its licence."""
    from importlib.machinery import ModuleSpec

    for name, attributes in (
        ("piper", {}),
        ("piper.config", {"PiperConfig": _Config}),
        ("piper.voice", {"PiperVoice": _Reader}),
    ):
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        for attribute, value in attributes.items():
            setattr(module, attribute, value)
        monkeypatch.setitem(sys.modules, name, module)
