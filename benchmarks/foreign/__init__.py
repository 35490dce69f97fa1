"""Decks that were written for other tools, read beside those tools."""
