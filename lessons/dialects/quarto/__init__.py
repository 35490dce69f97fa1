"""Quarto: what it adds to pandoc."""
