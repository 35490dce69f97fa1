"""The script: Markdown and course files become a `Course`. Imports no other room."""
