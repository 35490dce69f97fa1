"""The rules of the checks, each with what it reports.

Every rule must be listed here: `--fail-on` accepts the names, and `narrate rules` prints them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, str] = MappingProxyType(
    {
        # what a lesson for another tool holds
        "setting-unusable": "a setting in a lesson that cannot be used",
        "setting-unknown": "a setting that does not exist, and is close to one that does",
        "setting-foreign": "keys of another tool in the front matter",
        "include-missing": "a file that a lesson brings in and that cannot be read",
        "embed-placeholder": "a video, a sound or a page that only a browser can show",
        "badges-omitted": "badges of services, which are no part of a lesson",
        "shortcode-unknown": "a short code, tag or component of a site that is not known here",
        "picture-missing": "a picture that is missing or cannot be shown",
        "deck-unspoken": "a deck without speaker notes, whose slides are read",
        "reference-unresolved": "a reference, macro or value that only the site can fill in",
        "output-missing": "code whose output is missing, since nothing is run",
        "output-shortened": "an output of a notebook that is shortened",
        "citation-unresolved": "a citation of a work that no bibliography has",
        "comment-open": "a comment that is not closed",
        "comment-unspoken": "a comment that looks like a remark for the author",
        # the script
        "lesson-silent": "a lesson without speech",
        "lesson-long": "a lesson with so many slides that some are left out",
        "slide-silent": "a slide without speech",
        "slide-long": "a slide with too much speech",
        "slide-full": "a slide that shows too many words",
        "title-missing": "a slide without a title",
        "title-repeated": "two slides with the same title",
        "title-long": "a title that is too long",
        "heading-skip": "a heading that skips a level",
        "list-long": "a list with too many items",
        "table-large": "a table with too many rows or columns",
        "code-large": "code with too many or too long lines",
        "formula-empty": "a formula that is empty",
        "picture-alt": "a picture without alternative text",
        "sentence-long": "a sentence with too many words",
        "speed-fast": "a speed at which captions are hard to read",
        "directive": "a directive in a comment that is not understood",
        "speaker-label": "a name of a speaker after which nothing is said",
        "speaker-undeclared": "a speaker for whom the course names no voice",
        "tag-manner": "a sign such as [excited] that no voice here can follow",
        "lexicon-unused": "a lexicon entry that no lesson uses",
        "word-unread": "a word that cannot be read aloud by any rule",
        "no-presenter": "a course without a presenter, which gets no lip-readable videos",
        # the course
        "lesson-unread": "a lesson that cannot be read and is left out",
        "file-left-out": "files that were found but are not lessons",
        "language-recognised": "a lesson that does not say its language",
        "voice-missing": "a voice that is asked for and cannot speak here",
        # translations of a lesson
        "translation-incomplete": "a slide that only the original or only the translation has",
        "translation-differs": "numbers, formulas, code or lists that a translation has otherwise",
        "translation-short": "a slide that says much less than its original",
        "translation-untranslated": "sentences that are still in the language of the original",
        "translation-outdated": "a slide whose original was changed after it was confirmed",
        "translation-record": "a record of confirmed translations that cannot be used",
        # SSML
        "ssml-attribute": "an attribute of an SSML element with a value that cannot be used",
        "ssml-break": "a break that follows nothing",
        "ssml-broken": "an SSML element that is not written correctly",
        "ssml-close": "an SSML end tag without its start tag",
        "ssml-crossing": "SSML elements that overlap",
        "ssml-deep": "SSML elements that are nested too deeply",
        "ssml-empty": "an SSML element without text to speak",
        "ssml-nested": "an SSML element inside one that replaces its text",
        "ssml-open": "an SSML start tag without its end tag",
        "ssml-part": "an SSML element that covers only part of a word",
        "ssml-say-as": "a text that does not fit its <say-as> element",
        "ssml-unread": "an SSML element that voices cannot follow",
        # what the voice or the recording says
        "word-unreadable": "a word that the voice cannot read, so that its sentence is silent",
        "not-said": "words of the script that were not heard",
        "sentence-not-said": "a sentence of the script that was not heard",
        "said-twice": "words that were heard twice",
        "said-more": "words that were heard but are not in the script",
        "times-differ": "words that were heard at other times than the voice reported",
        "not-in-script": "a sentence of a recording that is not in the script",
        "repeated": "a sentence that a recording repeats",
        "recording-clipped": "a recording whose loudest sounds are cut off",
        "not-checked": "a sentence that the recogniser did not check",
        # slides and captions
        "slide-overflows": "a slide with more content than fits",
        "slide-crowded": "a slide on which the text had to be made smaller",
        "slide-unshown": "a slide that cannot be drawn and is shown as plain text",
        "picture-unshown": "a picture that cannot be shown and is replaced by its description",
        "picture-incomplete": "a picture of which a part cannot be shown",
        "formula-unshown": "a formula that cannot be typeset and is shown as LaTeX",
        "missing-glyphs": "characters that no font has",
        "caption-too-wide": "a caption that is too wide for the picture",
        "caption-gap": "a gap between captions that the caption profile does not allow",
        "caption-line-too-long": "a caption line with too many characters",
        "caption-overlap": "captions that overlap in time",
        "caption-too-fast": "a caption that is too fast to read",
        "captions-too-fast": "captions that are too fast to read on average",
        "caption-too-long": "a caption that is shown for too long",
        "caption-too-many-lines": "a caption with too many lines",
        "caption-too-short": "a caption that is shown too briefly",
        "caption-without-time": "a caption with no duration",
        "caption-words": "captions that differ from the script",
    }
)
