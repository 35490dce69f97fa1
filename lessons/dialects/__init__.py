"""The dialects: how lessons are written for each tool. `base` says how to add one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lessons.dialects.base import Dialect, Sample
from lessons.dialects.carpentries import Carpentries
from lessons.dialects.markdown import Markdown
from lessons.dialects.marp import Marp
from lessons.dialects.mdbook import MdBook
from lessons.dialects.mkdocs import MkDocs
from lessons.dialects.myst import Myst
from lessons.dialects.pandoc import Pandoc
from lessons.dialects.quarto import Quarto
from lessons.dialects.remark import Remark
from lessons.dialects.reveal import Reveal
from lessons.dialects.rmarkdown import RMarkdown
from lessons.dialects.slidesonnet import SlideSonnet
from lessons.dialects.slidev import Slidev
from lessons.dialects.xaringan import Xaringan

_ALL: tuple[Dialect, ...] = (
    Markdown(),
    Marp(),
    SlideSonnet(),
    Slidev(),
    Reveal(),
    Pandoc(),
    Quarto(),
    RMarkdown(),
    Carpentries(),
    Remark(),
    Xaringan(),
    MdBook(),
    MkDocs(),
    Myst(),
)

DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in _ALL})
"""By name, as the setting `dialect` has them."""


def find_dialect(sample: Sample, named: str = "") -> Dialect:
    """The dialect of a lesson: the one that is named, or else the one that is surest of it."""
    if named in DIALECTS:
        return DIALECTS[named]
    return max(_ALL, key=lambda dialect: dialect.score(sample))
