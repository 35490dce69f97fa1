"""Takes out of a lesson's text what its tool never shows, so that pandoc can read the rest.

Every function takes and returns a whole text. `prepare` applies those of a tool. Code in fences is
left alone, except where the tool itself changes it.
"""

from __future__ import annotations

import html
import re

from .text_rules import FENCE, Rule, drop, drop_formulas, drop_page_formulas, outside_code

_FRONT = re.compile(r"\A\ufeff?\s*---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_TOML = re.compile(r"\A\ufeff?\s*\+\+\+[ \t]*\n.*?\n\+\+\+[ \t]*(?:\n|\Z)", re.S)
_BOX = re.compile(r"[ ]*(?:!!!|\?\?\?\+?)[ ]+[\w-]+[^\"\n]*(?:\"([^\"]*)\")?[ ]*$")
_TAB = re.compile(r"[ ]*===[!+]?[ ]+\"(.*)\"")
_PICTURE_WORD = re.compile(
    r"(?:bg|left|right|fit|cover|contain|auto|vertical|\d+%"
    r"|(?:[wh]|width|height|left|right|blur|brightness|contrast|drop-shadow|grayscale|hue-rotate"
    r"|invert|opacity|saturate|sepia)(?::\S+)?)$"
)


def drop_front_matter(text: str) -> str:
    return _TOML.sub("", _FRONT.sub("", text, count=1), count=1)


_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.S)
_DIRECTIVE = re.compile(
    r"\s*(?:fit\b|\.(?:slide|element):|[$_]?[a-zA-Z]+(?:[A-Z]\w*)?:|-{2,}|prettier|markdownlint|"
    r"skip\b|clicks?\b)"
)


_ADDRESS = re.compile(
    r"(?:<!--[ \t]*(?:[^\s.!?>]+[ \t]+){1,6}-->\s*)?<!--[ \t]*(?=\S*/)[^\s<>]+[ \t]*-->"
)


def _show_notes(text: str) -> str:
    """Marp: a comment that sets nothing is a note of the speaker. slideSonnet: so is `say: …`.
    One that holds an address only is left out, as all addresses are, and so is its label."""
    text = _ADDRESS.sub("", text)

    def note(match: re.Match[str]) -> str:
        inside = re.sub(r"^\s*say(?:\([^)]*\))?:", "", match[1])
        return "" if _DIRECTIVE.match(inside) else f"\n\n{inside}\n\n"

    return _COMMENT.sub(note, text)


def _drop_unspoken(text: str) -> str:
    """slideSonnet: skipped slides, and in what is said the signs for how a voice acts."""
    slides = re.split(r"^---[ \t]*$", text, flags=re.M)
    text = "---".join(s for s in slides if not re.search(r"<!--\s*skip\s*-->", s))
    signs = re.compile(r"\[[a-z]+(?: [a-z]+){0,2}\](?!\()")
    return _COMMENT.sub(lambda match: signs.sub("", match[0]), text)


def _show_last_notes(text: str) -> str:
    """Slidev: the comment at the end of a slide is the speaker's note."""
    ends = re.compile(r"<!--((?:(?!-->).)*)-->(?=\s*(?:^---[ \t]*$|\Z))", re.S | re.M)
    return ends.sub(r"\n\n\1\n\n", re.sub(r"\[click(?::\d+)?\]", "", text))


_FENCE_OR_COMMENT = re.compile(
    f"({FENCE.pattern})|<!--.*?(?:-->|\\Z)".replace("\\2", "\\3"), re.M | re.S
)


def drop_comments(text: str) -> str:
    """Comments go, also those that hold code in fences; comments in such code stay."""
    return _FENCE_OR_COMMENT.sub(lambda match: match[1] or "", text)


def drop_diagrams(text: str) -> str:
    """A diagram is written as code and shown as a picture."""
    drawn = re.compile(r"^[ \t>]*[`~:]{3,}[ \t]*\{?[.]?(?:mermaid|plantuml|dot|graphviz|d2)\b")
    elements = re.compile(r"<(\w+)\b[^>]*\bmermaid\b[^>]*>.*?</\1>", re.S)
    text = FENCE.sub(lambda match: "\n" if drawn.match(match[0]) else match[0], text)
    return outside_code(lambda part: elements.sub("\n", part))(text)


drop_drawings = outside_code(drop(r"(?<!`)<svg\b.*?</svg\s*>"))
drop_scripts = outside_code(drop(r"<(script|style)\b.*?</\1>"))
drop_liquid = drop(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}",
    r"\{%.*?%\}",
    r"\{\{[^\n]*?\}\}",
    r"\{::?/?[^}\n]*\}",
    flags=re.S,
)
_INSIDE = r"(?:(?!\n[ \t]*\n).)*?"
drop_backslash_maths = outside_code(
    drop(rf"\\\\\({_INSIDE}\\\\\)", rf"\\\\\[{_INSIDE}\\\\\]", by=" ", flags=re.S)
)
drop_shortcodes = outside_code(
    drop(r"\{\{[<%](?!/\*).*?[%>]\}\}", r"\{\{(?![<%]/\*)[^\n]*?\}\}", flags=re.S)
)


def _show_literal_shortcodes(text: str) -> str:
    """Hugo: `{{</* name */>}}` shows a short code."""
    return re.sub(r"\{\{([<%])/\*(.*?)\*/([%>])\}\}", r"`{{\1\2\3}}`", text)


drop_attributes = outside_code(drop(r"\{:?\s*[.#][^{}\n]*\}", r"\{[\w-]+=[^{}\n]*\}"))
drop_separators = outside_code(drop(r"^[ \t]*(?:-{2,}v?|\*{3,}|_{3,}|\+{3,}|-|\. \. \.)[ \t]*$"))
drop_emoji = outside_code(drop(r"(?<![\w:]):[a-z+-][a-z0-9_+-]+:(?![\w:])"))


_SLIDE_HEADER = re.compile(
    r"^---[ \t]*\n(?:[\w-]+:[^\n]*\n|[ \t]+[^\n]*\n|#[^\n]*\n)+"
    r"(?:\n+(?:[\w-]+:[^\n]*\n|[ \t]+[^\n]*\n)+)*\n*---",
    re.M,
)


def _drop_slide_headers(text: str) -> str:
    """Slidev: the keys between two separators, and slots."""
    text = _SLIDE_HEADER.sub("---", text)
    return re.sub(r"^(?:::[\w-]+::|<<<[^\n]*)[ \t]*$", "", text, flags=re.M)


def _drop_hidden_slides(text: str) -> str:
    """Slidev: a slide that its keys hide is not shown."""
    hidden = r"(?:disabled|hide):[ \t]*true[ \t]*$"
    head = rf"^---[ \t]*\n(?:[\w-]+:[^\n]*\n)*?{hidden}(?:\n[\w-]+:[^\n]*)*\n---[ \t]*$"
    return re.sub(rf"{head}.*?(?=^---[ \t]*$|\Z)", "", text, flags=re.M | re.S)


def _unwrap_classes(text: str) -> str:
    """remark: `.class[text]` shows the text."""
    opened: list[bool] = []
    out, at = [], 0
    for mark in re.finditer(r"\.[A-Za-z][\w.-]*\[|\\[\[\]]|\[|\]", text):
        out.append(text[at : mark.start()])
        at = mark.end()
        if mark[0] == "]":
            out.append("" if opened and opened.pop() else "]")
        elif mark[0].startswith("\\"):
            out.append(mark[0])
        else:
            opened.append(mark[0] != "[")
            out.append("" if opened[-1] else "[")
    return "".join([*out, text[at:]])


def _drop_slide_properties(text: str) -> str:
    """remark: `class: …` and the like at the top of a slide, and the marker of notes."""
    lines, top = [], True
    for line in text.split("\n"):
        if re.fullmatch(r"---?[ \t]*", line):
            top = True
        elif top and re.match(r"[\w-]+:", line):
            continue
        elif line.strip():
            top = False
        lines.append("" if line.strip() == "???" else line)
    return "\n".join(lines)


def _read_textarea(text: str) -> str:
    """A deck of remark inside a page: the text of its textarea."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.S | re.I)
    return html.unescape(found[1]) if found else text


def _read_sections(text: str) -> str:
    """A page of reveal.js: its slides, without what stands around them on each one, and without
    formulas where its maths is read."""
    if "RevealMath" in text:
        text = re.sub(r"(?<![\\$])\$(?![\s$])[^$\n]+\$(?!\d)|\$\$.+?\$\$", " ", text, flags=re.S)
        text = re.sub(r"\\\(.+?\\\)|\\\[.+?\\\]", " ", text, flags=re.S)
    begin, end = text.find("<section"), text.rfind("</section>")
    return text[begin:end] if 0 <= begin < end else text


def _dedent_boxes(text: str) -> str:
    """MkDocs: a box or a tab has its content indented by four spaces. Its title stays."""
    lines, inside = [], 0
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            inside = min(inside, indent // 4)
        line = line[4 * inside :]
        if opened := _BOX.match(line) or _TAB.match(line):
            inside += 1
            line = f"\n{opened[1] or ''}\n"
        lines.append(line)
    return "\n".join(lines)


def _unwrap_directives(text: str) -> str:
    """MyST: a directive that is not code shows its title and its content."""
    out, closing = [], list[str]()
    code = ("code-cell", "code-block", "code", "sourcecode", "literalinclude", "mermaid")
    gone = ("toctree", "contents", "bibliography", "index", "math", "include", "list-table")
    skip, options = "", False
    for line in text.split("\n"):
        bare = line.strip()
        opened = re.match(r"[ ]*(`{3,}|:{3,}|~{3,})[ ]*\{([\w:.-]+)\}[ ]*(.*)$", line)
        if skip:
            skip = "" if bare == skip else skip
        elif opened and opened[2] in code:
            out.append(f"{opened[1]}text")
            options = True
            if opened[1].startswith(":"):
                closing.append(opened[1])
        elif (opened and opened[2] in gone) or re.fullmatch(r":{3,}[ ]*\{\}", bare):
            skip = opened[1] if opened else bare.rstrip(" {}")  # one without a name shows nothing
        elif opened:
            closing.append(opened[1])
            shown = "" if opened[2] in ("figure", "image", "tab-set", "grid", "raw") else opened[3]
            out += ["", shown, ""]
            options = True
        elif closing and bare == closing[-1]:
            closing.pop()
            out.append("")
        elif options and re.fullmatch(r":[\w-]+:.*|---|[\w-]+:[^:]*", bare):
            pass
        else:
            options = False
            out.append(line)
    return "\n".join(out)


def _drop_roles(text: str) -> str:
    """MyST: a role shows its text; a reference without one shows a title that is elsewhere."""
    text = re.sub(r"\{(?:math|eq|cite\w*|bib\w*)[\w:]*\}`[^`]*`", "", text)
    text = re.sub(r"\{[\w:-]+\}`([^`<]+?)\s*<[^`>]*>`", r"\1", text)
    text = re.sub(r"\{(?:ref|numref|doc|download)\}`[^`]*`", "", text)
    text = re.sub(r"\{[\w:-]+\}`([^`]*)`", r"\1", text)
    return re.sub(r"^(?:\([\w:.-]+\)=|\+\+\+.*|%[ ].*)$", "", text, flags=re.M)


_OPTION = ("#|", "//|", "--|", "%%|")


def _show_chunks(text: str) -> str:
    """R Markdown, Quarto: chunks without those that show no code, options and inline results."""
    hidden = re.compile(r"(?:echo|include)\s*[=:]\s*(?:F\b|FALSE|false)")
    default = bool(re.search(r"opts_chunk\$set\([^)]*echo\s*=\s*F", text, re.S))

    def chunk(match: re.Match[str]) -> str:
        head, _, body = match[0].partition("\n")
        if "{" not in head or "{=" in head:  # a raw block, such as `{=html}`, is for its output
            return match[0]
        options = head + "\n".join(x for x in body.split("\n") if x.strip().startswith(_OPTION))
        shown = not hidden.search(options) and not (default and "echo" not in options)
        body = re.sub(r"^[ \t]*(?:#|//|--|%%)\|.*\n", "", body, flags=re.M)
        if not shown:
            return ""
        return re.sub(r"\{[^}\n]*\}?", "text", head, count=1) + "\n" + body

    text = FENCE.sub(chunk, text)
    inline = drop(r"`r [^`]*`", r"\\@ref\([^)]*\)", r"\(\\#[\w:-]+\)", r"^\(ref:[^)]*\)")
    return outside_code(inline)(text)


def _show_boxes(text: str) -> str:
    """Docusaurus: the title of a box stays, its fences go; so do imports and expressions."""
    text = re.sub(r"^[ \t]*:{3,}\w*(?:\[([^\]\n]*)\])?[ \t]*(.*)$", r"\n\1 \2\n", text, flags=re.M)
    text = re.sub(r"^(?:import|export)\s.*$", "", text, flags=re.M)
    return re.sub(r"\{[^{}\n]*\}", "", text)


def _show_wiki_links(text: str) -> str:
    """Obsidian: links show their alias or their target; comments and embedded notes go."""
    text = re.sub(r"%%.*?%%", "", text, flags=re.S)
    text = re.sub(r"!\[\[[^\]\n]*\]\]", "", text)
    text = re.sub(r"\[\[[^\]|\n]*\|([^\]\n]*)\]\]", r"\1", text)
    text = re.sub(r"\[\[([^\]\n]*)\]\]", r"\1", text)
    text = re.sub(r"^([> ]*)\[![^\]\n]*\][+-]?", r"\1", text, flags=re.M)
    return re.sub(r"[ \t]\^[\w-]+[ \t]*$", "", text, flags=re.M)


def _drop_picture_words(text: str) -> str:
    """Marp: an alt text holds sizes and filters, which nobody reads."""
    return re.sub(
        r"!\[([^\]\n]*)\]",
        lambda match: f"![{' '.join(w for w in match[1].split() if not _PICTURE_WORD.match(w))}]",
        text,
    )


def _drop_hidden_rust(text: str) -> str:
    """mdBook: lines of Rust that begin with `# ` are hidden, and includes are of other files."""
    hide = re.compile(r"^[ \t]*#(?:[ ].*)?\n", re.M)
    text = FENCE.sub(lambda m: hide.sub("", m[0]) if "rust" in m[0].split("\n")[0] else m[0], text)
    return re.sub(r"\{\{#.*?\}\}", "", text)


_GALAXY = (
    drop(r"\{%\s*tool\s*\[([^\]]*)\][^%]*%\}", by=r"\1"),
    drop(r"\{%\s*tool\s+([^%|]*?)\s*(?:\|[^%]*)?%\}", by=r"\1"),
)
_REMARK = (
    outside_code(drop(r"(?<=!\[):\w[^\]\n]*(?=\])")),  # macros of xaringan: ![:scale 40%](a.png)
    outside_code(_drop_slide_properties),
    outside_code(_unwrap_classes),
    drop_separators,
)
_NOTES = outside_code(drop(r"^[ \t]*[Nn]otes?:"))
RULES: dict[str, tuple[Rule, ...]] = {
    "marp": (
        outside_code(_show_notes),
        outside_code(_drop_picture_words),
        drop_emoji,
        drop_separators,
    ),
    "slidesonnet": (
        _drop_unspoken,
        outside_code(_show_notes),
        outside_code(_drop_picture_words),
        drop_separators,
    ),
    "slidev": (
        _drop_hidden_slides,
        _show_last_notes,
        _drop_slide_headers,
        drop_scripts,
        drop(r"\{\{[^\n]*?\}\}"),
        drop_separators,
    ),
    "reveal": (_NOTES, drop_separators),
    "reveal-html": (),
    "remark": (_read_textarea, *_REMARK),
    "xaringan": (_show_chunks, *_REMARK),
    "quarto": (_show_chunks, drop_shortcodes, drop_separators),
    "rmarkdown": (_show_chunks,),
    "pandoc": (drop_separators,),
    "jupyter": (),
    "myst": (
        drop_formulas,
        _unwrap_directives,
        outside_code(_drop_roles),
        drop(r"\{\{[^\n]*?\}\}"),
    ),
    "jekyll": (drop_liquid, outside_code(drop_page_formulas), drop_backslash_maths),
    "hugo": (
        drop_shortcodes,
        outside_code(_show_literal_shortcodes),
        drop_backslash_maths,
        drop_separators,
    ),
    "docusaurus": (drop(r"\{/\*.*?\*/\}"), outside_code(_show_boxes)),
    "mdbook": (_drop_hidden_rust,),
    "mkdocs": (_dedent_boxes, drop(r"^-+8<-+.*$"), drop_emoji, drop_attributes),
    "carpentries": (_show_chunks, drop_liquid, drop_backslash_maths),
    "galaxy": (*_GALAXY, drop_liquid, *_REMARK),
    "obsidian": (outside_code(_show_wiki_links),),
    "gfm": (),
}


def prepare(text: str, tool: str) -> str:
    """What of a lesson's text its tool shows, in the Markdown that pandoc is to read."""
    text = text.replace("\r\n", "\n")
    if tool == "reveal-html":
        return _read_sections(text)
    text = drop_front_matter(text)
    text = drop_drawings(drop_diagrams(text))
    for rule in RULES[tool]:
        text = rule(text)
    return drop_comments(text)
