"""The script: Markdown and course files become a `Course`. Imports `foundation` only."""
