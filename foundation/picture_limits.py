"""Which pictures are accepted. Whatever decodes a picture keeps to these limits."""

from __future__ import annotations

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""Pillow's names of the raster formats that a slide may show."""
LARGEST_PICTURE_BYTES = 60_000_000
LARGEST_PICTURE_PIXELS = 50_000_000
"""A 50-megapixel picture takes 200 MB once decoded; a slide of 1920x1080 shows 2."""
LARGEST_SVG_BYTES = 2_000_000
