"""Inner tensors of a model as outputs."""

from __future__ import annotations

from narrate.speech.onnx_outputs import add_output


def test_an_inner_tensor_becomes_an_output() -> None:
    name = "x" * 200  # long enough that lengths take two bytes
    added = add_output(b"model", name)[len(b"model") :]
    assert added[0] == 7 << 3 | 2 and added.endswith(name.encode())
    assert added[1] & 127 | added[2] << 7 == len(added) - 3
