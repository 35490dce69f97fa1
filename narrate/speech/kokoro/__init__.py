"""Kokoro-82M: one model and 54 speakers of nine languages.

`engine.py` is the engine; `files.py` finds the model and its speakers, and `catalogue.py` knows the
published ones. Each language has a reader that turns words into the model's phonemes: `english.py`,
`word_reader.py` with `by_espeak.py`, `japanese.py` or `chinese.py`, chosen in `readers.py`.
"""
