"""Lines of Markdown that hold several formulas between `$$`."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock, paragraph


def read_line_of_formulas(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """Read as a paragraph a line that begins and ends with different formulas between `$$`, which
    would be taken for one formula."""
    begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    text = state.src[begin:end].strip()
    if not text.startswith("$$") or not text.endswith("$$") or text.count("$$") < 4:
        return False
    if state.is_code_block(line) or text.count("$$") % 2 or "$$$" in text:
        return False
    return paragraph(state, line, last, silent)
