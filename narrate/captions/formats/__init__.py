"""The formats of caption files, one module each. `base` explains how to add one."""

from __future__ import annotations

from types import MappingProxyType

from narrate.captions.formats.ass import Ass
from narrate.captions.formats.base import Format
from narrate.captions.formats.srt import Srt
from narrate.captions.formats.ttml import Ttml
from narrate.captions.formats.vtt import Vtt

CAPTION_FORMATS: MappingProxyType[str, Format] = MappingProxyType(
    {format.name: format for format in (Vtt(), Srt(), Ttml(), Ass())}
)

__all__ = ["CAPTION_FORMATS", "Format"]
