"""Jupyter: notebooks and their outputs."""
