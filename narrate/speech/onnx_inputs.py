"""ONNX models read, and an inner tensor turned into an input, without the `onnx` package.

The operation that computes the tensor gives its output another name of the same length, so that no
length in the protobuf changes, and a `graph.input` of the old name is appended (as in
`onnx_outputs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# ModelProto.graph = 7; GraphProto.node = 1, input = 11, output = 12; NodeProto.input = 1,
# output = 2, op_type = 4; ValueInfoProto.name = 1.
_GRAPH, _NODE, _OUTPUT = 7, 1, 12
_FLOAT_OF_ANY_SHAPE = b"\x12\x04\x0a\x02\x08\x01"  # ValueInfoProto.type.tensor_type.elem_type


@dataclass(frozen=True, slots=True)
class GraphNode:
    """An operation of a graph, with the names of its input and output tensors."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def read_nodes(model: bytes | memoryview) -> list[GraphNode]:
    """The operations of a model's graph. Raises ValueError if the file is cut short or not a
    model."""
    found = []
    for graph in _find_messages(model, _GRAPH):
        for node in _find_messages(graph, _NODE):
            inputs, outputs, operators = (
                [bytes(name).decode() for name in _find_messages(node, field)]
                for field in (1, 2, 4)
            )
            found.append(GraphNode("".join(operators), tuple(inputs), tuple(outputs)))
    return found


def read_output_names(model: bytes | memoryview) -> list[str]:
    """The names of a model's outputs."""
    infos = [
        info for graph in _find_messages(model, _GRAPH) for info in _find_messages(graph, _OUTPUT)
    ]
    return [bytes(name).decode() for info in infos for name in _find_messages(info, 1)]


def add_input(model: bytes, tensor: str) -> bytes:
    """The model with the inner 32-bit `tensor` as an input of any shape. Raises ValueError unless
    exactly one operation computes it."""
    name = tensor.encode()
    made = b"\x12" + _encode_varint(len(name)) + name  # NodeProto.output
    if model.count(made) != 1:
        raise ValueError(f"no single operation computes {tensor}")
    model = model.replace(made, made[: -len(name)] + b"~" + name[1:])
    info = _encode_field(b"\x0a", name) + _FLOAT_OF_ANY_SHAPE
    return model + _encode_field(b"\x3a", _encode_field(b"\x5a", info))


def free_input_length(model: bytes, name: str) -> bytes:
    """The model with any length allowed for its one-dimensional 32-bit input `name`, which has
    length 1. Raises ValueError if there is no such input."""
    head = _encode_field(b"\x0a", name.encode()) + b"\x12\x0a\x0a\x08\x08\x01\x12\x04\x0a\x02"
    one, any_length = b"\x08\x01", b"\x12\x00"  # Dimension.dim_value 1, .dim_param ""
    if model.count(head + one) != 1:
        raise ValueError(f"it has no input {name} of one number")
    return model.replace(head + one, head + any_length)


def _find_messages(data: bytes | memoryview, field: int) -> Iterator[memoryview]:
    """The contents of each length-delimited field with the number `field` in a message."""
    view, at = memoryview(data), 0
    while at < len(view):
        key, at = _read_number(view, at)
        match key & 7:
            case 0:
                _, at = _read_number(view, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                size, at = _read_number(view, at)
                if at + size > len(view):
                    raise ValueError("it is cut short")
                if key >> 3 == field:
                    yield view[at : at + size]
                at += size
            case _:
                raise ValueError("it is not protobuf")
    if at != len(view):
        raise ValueError("it is cut short")


def _read_number(view: memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if at >= len(view) or shift > 63:
            raise ValueError("it is cut short")
        byte = view[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at


def _encode_varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def _encode_field(tag: bytes, content: bytes) -> bytes:
    return tag + _encode_varint(len(content)) + content
