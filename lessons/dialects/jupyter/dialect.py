"""Jupyter notebooks: decks if their cells say on which slide they are, else scripts."""

from __future__ import annotations

from lessons.dialects.base import Context, Dialect, Reading, Sample, as_text
from lessons.dialects.jupyter.notebooks import read_notebook
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.dollars import tighten_dollars
from lessons.dialects.syntax.equation_references import rewrite_equation_references
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source
from lessons.model import Finding


class Jupyter(Dialect):
    """Jupyter notebooks."""

    name = "jupyter"
    title = "Jupyter"
    suffixes = (".ipynb",)
    unpacks = (".ipynb",)

    def score(self, sample: Sample) -> int:
        return 60 if sample.path.lower().endswith(".ipynb") else 0

    def unpack(self, path: str, text: str) -> tuple[Source, tuple[Finding, ...]]:
        return read_notebook(path, text)

    def read(self, source: Source, context: Context) -> Reading:
        deck = f"\n{MARK}slide" in source.text or as_text(context.front.get("shape")) == "deck"
        source = tighten_dollars(source)
        source = rewrite_equation_references(source)
        source = rewrite_common(source, context)
        return Reading(
            source,
            "deck" if deck else "script",
            title=as_text(context.front.get("title")),
            language=as_text(context.front.get("lang")),
        )
