"""From slides, presenter, captions and sound to video.

The modules in the order of the data: open_captions, compose, segment, encode, assemble.
"""
