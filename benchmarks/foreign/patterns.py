"""What is left of markup looks like this when it is shown or read aloud, for every tool.

Each pattern spares what prose may hold: C++ `::`, arrows, `a < b`, `*args`, sets in braces, prices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_HTML = (
    "a abbr address article aside audio b blockquote body br button canvas caption center cite code"
    " col colgroup dd del details dfn div dl dt em embed figcaption figure font footer form h1 h2"
    " h3 h4 h5 h6 head header hr html i iframe img input ins kbd label li link main mark math meta"
    " nav ol option p picture pre q s samp script section select small source span strike strong"
    " style sub summary sup svg table tbody td textarea tfoot th thead tr tt u ul var video wbr"
).replace(" ", "|")
_KINDS = (
    "note|tip|warning|info|danger|example|question|abstract|success|failure|bug|quote|hint|caution"
    "|important|attention|error|seealso|summary|todo|fail"
)
_ROLES = (
    "ref|doc|numref|cite|citep|citet|term|download|eq|math|code|kbd|guilabel|menuselection|abbr"
    "|sub|sup|eval|index|any|octicon|button|badge|dropdown|note|tip|warning|admonition"
)
_SURE_KEYS = (
    "layout|class|teaching|exercises|questions|objectives|keypoints|key_points|output|sidebar_\\w+"
    "|jupytext|kernelspec|marp|paginate|background\\w*|transition|template|zenodo_link"
    "|time_estimation|slug|theme|_\\w+"
)
_KEYS = (
    f"{_SURE_KEYS}|title|subtitle|author|authors|date|tags|weight|draft|id|name|count|lang"
    "|description"
)
_ATTRIBUTES = "width|height|style|class|id|target|align|scale|alt|title|loading|data-[\\w-]+"
_DUNDERS = (
    "init|new|del|name|main|file|all|str|repr|call|dict|doc|class|len|iter|next|enter|exit"
    "|getitem|setitem|delitem|getattr|setattr|contains|add|sub|mul|eq|ne|lt|le|gt|ge|hash|bool"
    "|slots|version|future|import|builtins|annotations|module|package|path|bases|mro|cause"
    "|context|traceback|index|array|truediv|format|bytes|pycache|proto|html|typename|func"
)

PATTERNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.MULTILINE)
    for name, pattern in {
        "fence": r":{3,}|`{3,}|~{3,}",
        "template": r"\{\{|\}\}|\{%|%\}",
        "attributes": r"\{:\s*[.#\w]|^\{[\w:.-]+\}$|\{[.#][A-Za-z_]"
        r"|\{[^{}\n]*\s[.#][A-Za-z][^{}\n]*\}"
        rf"|\{{-\}}|\{{\s*(?:{_ATTRIBUTES})\s*=|\{{[\w-]+=[\"'][^{{}}\n]*\}}",
        "citation": r"\[[^\]\n]*(?<![\w.])@[A-Za-z][^\]\n]*\]"
        r"|(?<![\w@.])@[A-Za-z]\w*:?\d{4}|(?<![\w@.])@(?:fig|tbl|sec|eq|lst|thm)-\w|\\@ref|\(\\#\w+:",
        "link": r"\]\(",
        "reference": r"(?<![\w\])])\[[^\[\]\n]+\]\[[\w-]*\]|\[[^\]\n]+\]:\s+(?:https?:|[./#<])",
        "footnote": r"\[\^[^\]\s]+\]|\^\[",
        "picture": r"(?<!\w)!\[",
        "strong": r"(?<![\w*])\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*"
        r"|(?:^|\s)\*\*(?=[A-ZÄÖÜ\u3040-\u9fff])|[.:,;!?)…]\*\*(?=$|[\s.,;:!?)])"
        rf"|(?<!\w)__(?!(?:{_DUNDERS})__)[^\W_](?:[^_\n]*[^\W_])?__(?!\w)",
        "emphasis": r"(?<![\w*\\])\*[^\s*](?:[^*\n]*[^\s*])?\*(?![\w*])"
        r"|(?<![\w_])_[^\W_](?:[^_\n]*[^\W_])?_(?![\w_])",
        "heading": r"^\s*#{1,6}\s+\S|\s#{2,6}\s+\S",
        "tag": rf"</[A-Za-z][\w:.-]*\s*>|<(?:{_HTML})(?:\s[^<>\n]*)?/?>"
        r"|(?<!\w)<[A-Za-z][\w.:-]*\s+[\w:@#-]+=|(?<!\w)<[A-Z][a-z]\w+(?:\s[^<>\n]*)?/?>"
        r"|(?<!\w)<[a-z][\w-]*\s*/>|<v-[a-z]+|<(?:https?:|mailto:)|<!DOCTYPE",
        "entity": r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});",
        "emoji": r"(?<![\w:]):(?:[a-z][a-z0-9_+-]{1,40}|[+-]1):(?![\w:])",
        "table": r"\|\s*:?-{3,}:?\s*\||\+[-=]{3,}\+|(?:^|\s)\|\s[^|\n]+\s\|\s[^|\n]+\s\|",
        "wiki": r"\[\[\s*[^\W\d][^\[\]\n]*\]\]",
        "highlight": r"(?<![=\w])==(?=[^\s=])[^=\n]*[^\s=]==(?![=\w])",
        "comment": r"<!--|-->\s*$|/\*\s*\w[^\n]*\*/\}"
        r"|%%[^%\n]*[^\W\d]{3}[^%\n]*%%"
        r"|^\s*%%(?!(?:time|bash|writefile|html|latex|capture|script|prun|file|sh|cython|R)\w*\b)",
        "slot": r"(?<![\w:])::[a-z][\w-]*::(?![\w:])",
        "class": r"(?<![\w\])])\.[a-zA-Z][\w-]*(?:\.[\w-]+)*\[",
        "note marker": r"^\s*\?{3}(?=\s|$)|^\s*Notes?:\s*$",
        "box": rf"(?:^|\s)(?:!{{3}}|\?{{3}}\+?)\s+(?:{_KINDS})\b"
        r"|\[![A-Za-z]+\][+-]?|(?:^|\s)===\s+\"",
        "role": rf"\{{(?:{_ROLES})(?::\w+)?\}}|\{{(?:code-cell|toctree|figure|image|include)\}}",
        "code": r"(?<=\w)`|`(?=\w)",
        "latex": r"(?<![\w:.\\/])\\[A-Za-z]{2,}|(?<!\\)\\[()\[\]](?=.)",
        "formula": r"\$\$|(?<![\w$])\$[^\s$](?:[^$\n]*[^\s$])?\$(?![\w$])",
        "script": r"(?<=\w)\^\w+\^|(?<=\w)~\w{1,9}~|~~\S",
        "front matter": rf"^(?:{_SURE_KEYS}):(?:\s|$)|^(?:{_KEYS}): [^\n]*(?:\n|\s)(?:{_KEYS}): "
        r"|^\s*(?:-{2,}|\+{3}|\*{3})\s*$",
        "import": r"^\s*import\s+[\w{*][^\n]*\bfrom\s+[\"'@./]|^\s*import\s+[\"']"
        r"|^\s*export\s+(?:const|default)\b",
        "jsx": r"\{/\*|\*/\}|=\{|\{`|`\}|\{\"[^\"\n]*\"\}|\{'[^'\n]*'\}|\{props\.",
        "chunk": r"\{(?:r|python|julia|bash|ojs)(?:[ ,][^}\n]*)\}|^\s*#\|\s",
        "list": r"^\s*[*+]\s+\S|^\s*(?:[-*+]\s+)?\[[ xX]\]\s+[^\W_]",
        "quote": r"^\s*>\s+[^\W\d]|^\s*>\s*>",
        "escape": r"\\[*_#\[\]{}<>$~`|!@]",
        "pause": r"^\s*\. \. \.\s*$",
        "contents": r"^\s*\[TOC\]\s*$",
        "keys": r"\+\+[a-z]+(?:\+[a-z]+)*\+\+(?!\w)|-{1,2}8<-{1,2}|\^\^\w[^\n^]*\^\^",
    }.items()
}
