"""Attacks through a store and through a course that brings its own output folder.

    python -m benchmarks.store_attacks [NAME ...]

Each attack puts something foreign where a build looks, and builds. Nothing foreign may be served:
every file that comes out must have the bytes of an honest build, or the build must refuse with an
error that has a name. Each has a control, in which the same place holds what is ours: there it must
be served, so that an attack does not fail for the mere reason that nothing is ever taken.
"""
