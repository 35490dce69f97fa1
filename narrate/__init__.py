"""The pipeline, the command, and everything that is published. Imports `lessons` and `avatar`."""

__version__ = "0.1.0"
