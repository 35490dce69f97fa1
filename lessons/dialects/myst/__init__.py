"""MyST, of Jupyter Book and Sphinx: its directives, its roles and its pages."""
