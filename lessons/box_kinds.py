"""The kinds of boxes that lessons set apart, what each is called, and how it looks and is read.

Tools have many names for the same thing (`.callout-tip`, `:::tip`, `!!! hint`). A dialect gives the
name as it is written, and `find_kind` says which of these kinds it means. A name that is not known
is shown and read as a plain box.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Tone = Literal["plain", "info", "good", "warning", "danger", "task", "answer"]
"""How a box looks: templates and themes know these, and not the kinds."""


@dataclass(frozen=True, slots=True)
class BoxKind:
    """`label` is what people call the kind; it is shown and read unless the box has a title that
    says the same. `read` tells whether the content is spoken, `shown` whether it is on the slide.
    `pause_ms` is the silence before it, such as the time to think before a solution.
    """

    label: str
    tone: Tone = "plain"
    read: bool = True
    shown: bool = True
    pause_ms: int = 0

    def choose_label(self, title: str) -> str:
        """The label to put before a title, which may be empty.

        The title of a note says what it is; a task or an answer should be recognised as one, unless
        its title already begins with the label.
        """
        words = title.strip().casefold()
        rest = words.removeprefix(self.label.casefold())
        repeated = len(rest) < len(words) and not rest[:1].isalpha()
        needed = not words or (self.tone in ("task", "answer") and not repeated)
        return self.label if needed else ""


THINKING_MS = 3000
"""The silence before a solution. Learners need at least three seconds after a question: Rowe, "Wait
time: slowing down may be a way of speeding up", Journal of Teacher Education 37(1), 1986."""

BOX_KINDS: Mapping[str, BoxKind] = MappingProxyType(
    {
        "plain": BoxKind(""),
        "note": BoxKind("Note", "info"),
        "info": BoxKind("Information", "info"),
        "tip": BoxKind("Tip", "good"),
        "success": BoxKind("Success", "good"),
        "important": BoxKind("Important", "warning"),
        "warning": BoxKind("Warning", "warning"),
        "caution": BoxKind("Caution", "warning"),
        "danger": BoxKind("Danger", "danger"),
        "bug": BoxKind("Bug", "danger"),
        "failure": BoxKind("Failure", "danger"),
        "example": BoxKind("Example", "plain"),
        "abstract": BoxKind("Summary", "info"),
        "quote": BoxKind("", "plain"),
        "definition": BoxKind("Definition", "info"),
        "theorem": BoxKind("Theorem", "info"),
        "lemma": BoxKind("Lemma", "info"),
        "corollary": BoxKind("Corollary", "info"),
        "proposition": BoxKind("Proposition", "info"),
        "proof": BoxKind("Proof", "plain"),
        "remark": BoxKind("Remark", "plain"),
        "objectives": BoxKind("Objectives", "info"),
        "prerequisites": BoxKind("Prerequisites", "info"),
        "requirements": BoxKind("Requirements", "info"),
        "keypoints": BoxKind("Key points", "good"),
        "questions": BoxKind("Questions", "task"),
        "question": BoxKind("Question", "task"),
        "challenge": BoxKind("Challenge", "task"),
        "exercise": BoxKind("Exercise", "task"),
        "activity": BoxKind("Activity", "task"),
        "hands-on": BoxKind("Hands-on", "task"),
        "discussion": BoxKind("Discussion", "task"),
        "checklist": BoxKind("Checklist", "task"),
        "hint": BoxKind("Hint", "good"),
        "solution": BoxKind("Solution", "answer", pause_ms=THINKING_MS),
        "details": BoxKind("", "plain"),
        "code-in": BoxKind("Input", "plain"),
        "code-out": BoxKind("Output", "plain"),
        "comment": BoxKind("Comment", "plain"),
        "feedback": BoxKind("Feedback", "plain"),
        "callout": BoxKind("", "info"),
        "testimonial": BoxKind("Testimonial", "plain"),
        "see-also": BoxKind("See also", "info"),
        "version": BoxKind("", "info"),
        "instructor": BoxKind("For instructors", "plain", read=False, shown=False),
        "agenda": BoxKind("Agenda", "plain", read=False, shown=False),
    }
)

_SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "information": "info", "todo": "note", "seealso": "see-also", "see": "see-also",
        "hint": "hint", "tips": "tip", "success": "success", "check": "success", "done": "success",
        "attention": "warning", "warn": "warning", "error": "danger", "fail": "failure",
        "missing": "failure", "summary": "abstract", "tldr": "abstract", "overview": "abstract",
        "cite": "quote", "epigraph": "quote", "help": "question", "faq": "question",
        "objective": "objectives", "prereq": "prerequisites", "prerequisite": "prerequisites",
        "requirement": "requirements", "key-points": "keypoints", "takeaways": "keypoints",
        "exercises": "exercise", "problem": "exercise", "task": "exercise", "practice": "exercise",
        "your-turn": "exercise", "yourturn": "exercise", "hands_on": "hands-on",
        "handson": "hands-on", "discuss": "discussion", "spoiler": "details",
        "answer": "solution", "dropdown": "details", "details": "details",
        "instructor-note": "instructor", "instructor-notes": "instructor",
        "code_in": "code-in", "code_out": "code-out", "versionadded": "version",
        "versionchanged": "version", "deprecated": "version", "def": "definition",
        "thm": "theorem", "cor": "corollary", "admonition": "callout", "notice": "note",
        "alert": "warning", "advice": "tip", "recommendation": "tip", "trick": "tip",
    }
)  # fmt: skip


def find_kind(name: str) -> str:
    """The kind that a tool's name for a box means; "plain" for a name that is not known."""
    word = name.strip().strip(".").lower().removeprefix("callout-").removeprefix("alert-")
    word = _SYNONYMS.get(word, word)
    if word in BOX_KINDS:
        return word
    dashed = word.replace("_", "-").replace(" ", "-")
    dashed = _SYNONYMS.get(dashed, dashed)
    return dashed if dashed in BOX_KINDS else "plain"
