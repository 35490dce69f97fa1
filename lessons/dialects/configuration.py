"""Configuration files of other tools, read within bounds. What is damaged counts as not there."""

from __future__ import annotations

from pathlib import Path

import yaml

from lessons.course.text_files import read_text
from lessons.course.yaml_mapping import LARGEST_SETTINGS
from lessons.errors import LessonError


def read_configuration(root: Path, name: str) -> dict[str, object]:
    """The mapping in a YAML file of a folder; empty if there is none.

    Tools allow in their configuration what is refused in ours, such as aliases and tags, but what
    it holds is bounded.
    """
    path = root / name
    try:
        if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
            return {}
        text = read_text(path, name, LessonError)
        if len(text) > LARGEST_SETTINGS or text.count("*") > 2000:
            return {}
        values = yaml.load(text, Loader=_Loader)
    except (OSError, RuntimeError, RecursionError, ValueError, LessonError, yaml.YAMLError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {str(key): value for key, value in values.items()}


class _Loader(yaml.SafeLoader):
    """Reads tags of other programs (`!expr`, `!ref`) as plain values, and no aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            return yaml.ScalarNode("tag:yaml.org,2002:null", "", event.start_mark, event.end_mark)
        return super().compose_node(parent, index)


def _construct_other(loader: _Loader, suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


_Loader.add_multi_constructor("", _construct_other)
