"""Docusaurus: its pages, and MDX."""
