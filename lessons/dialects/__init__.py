"""The dialects: how lessons are written for each tool. `base` says how to add one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from lessons.dialects.base import Dialect, Sample
from lessons.dialects.carpentries import Carpentries
from lessons.dialects.docusaurus.dialect import Docusaurus
from lessons.dialects.galaxy import Galaxy
from lessons.dialects.hugo.dialect import Hugo
from lessons.dialects.jekyll import Jekyll
from lessons.dialects.jupyter.dialect import Jupyter
from lessons.dialects.markdown import Markdown
from lessons.dialects.marp import Marp
from lessons.dialects.mdbook import MdBook
from lessons.dialects.mkdocs.dialect import MkDocs
from lessons.dialects.myst.dialect import Myst
from lessons.dialects.obsidian import Obsidian
from lessons.dialects.pandoc import Pandoc
from lessons.dialects.quarto.dialect import Quarto
from lessons.dialects.remark.dialect import Remark
from lessons.dialects.reveal.dialect import Reveal
from lessons.dialects.rmarkdown import RMarkdown
from lessons.dialects.slidesonnet import SlideSonnet
from lessons.dialects.slidev.dialect import Slidev
from lessons.dialects.xaringan import Xaringan
from lessons.markdown.source import Source
from lessons.model import Finding

_ALL: tuple[Dialect, ...] = (
    Carpentries(),
    Docusaurus(),
    Galaxy(),
    Hugo(),
    Jekyll(),
    Jupyter(),
    Markdown(),
    Marp(),
    MdBook(),
    MkDocs(),
    Myst(),
    Obsidian(),
    Pandoc(),
    Quarto(),
    Remark(),
    Reveal(),
    RMarkdown(),
    SlideSonnet(),
    Slidev(),
    Xaringan(),
)

DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in _ALL})
"""By name, as the setting `dialect` has them."""


def unpack_file(path: str, text: str) -> tuple[Source, tuple[Finding, ...]] | None:
    """The text in a file that holds it in a form of its own, such as a notebook, and what was
    noticed; None for a file that is text. Raises LessonError."""
    for dialect in _ALL:
        if dialect.unpacks and path.lower().endswith(dialect.unpacks):
            return dialect.unpack(path, text)
    return None


def find_dialect(sample: Sample, named: str = "") -> Dialect:
    """The dialect of a lesson: the one that is named, or else the surest of those that read such
    files, whatever configuration is around it."""
    if named in DIALECTS:
        return DIALECTS[named]
    suffix = PurePosixPath(sample.path).suffix.lower()
    able = [dialect for dialect in _ALL if suffix in dialect.suffixes] or _ALL
    surest = max(able, key=lambda dialect: dialect.score(sample))
    return surest if surest.score(sample) else DIALECTS["markdown"]
