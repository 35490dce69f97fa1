"""LaTeX formulas, read aloud and as plain text."""


def readable(latex: str) -> str:
    return latex
