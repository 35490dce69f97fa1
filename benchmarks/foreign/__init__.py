"""Measures how lessons that were written for other tools are read and built as they are.

Run its programs from the project's folder: `python -m benchmarks.foreign.measure --help`.
"""
