"""The pipeline: it makes the files of a course out of steps. The README beside this file says how.

`build` is its face; `graph` knows the order of the steps, which stand in `steps`, one file each.
"""
