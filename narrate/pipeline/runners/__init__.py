"""Runners of tasks, one file each: in this process, in worker processes, and on a Ray cluster."""
