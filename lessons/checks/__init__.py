"""Checks of a script before anything is built."""
