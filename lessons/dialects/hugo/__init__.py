"""Hugo: its pages, and the short codes of its themes."""
