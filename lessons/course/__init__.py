"""The course around the lessons: its settings, its lexicon, its presenter and its files."""
