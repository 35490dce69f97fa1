"""Slides, presenter, captions and sound to video, in the order of the files: layout, slides,
captions, compose, segment, encode, loudness, assemble."""
