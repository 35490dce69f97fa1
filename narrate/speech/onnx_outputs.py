"""ONNX models with an inner tensor as an additional output, without the `onnx` package.

In protobuf the fields of a message may come in any order and repeated messages are merged, so a
`ModelProto` followed by another one that holds only `graph.output` is the same model with one more
output (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
"""

from __future__ import annotations

# ModelProto.graph = 7, GraphProto.output = 12, ValueInfoProto.name = 1; wire type 2 = bytes.
_GRAPH, _OUTPUT, _NAME = b"\x3a", b"\x62", b"\x0a"


def add_output(model: bytes, tensor: str) -> bytes:
    """The model's bytes with the inner `tensor` of that name added to its outputs."""
    return model + _encode_field(
        _GRAPH, _encode_field(_OUTPUT, _encode_field(_NAME, tensor.encode()))
    )


def _encode_field(tag: bytes, content: bytes) -> bytes:
    size, length = len(content), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return tag + length + bytes([size]) + content
