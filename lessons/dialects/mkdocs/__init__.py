"""MkDocs: its pages, and the extensions of Python-Markdown."""
