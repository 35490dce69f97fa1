"""Slidev: its pages, its code blocks and its Vue components."""
