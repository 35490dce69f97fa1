"""Slides: from what a script shows to their pictures."""
