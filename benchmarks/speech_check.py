"""What the check of narrations finds: planted errors, and false findings on clean speech.

    python benchmarks/speech_check.py samples/course [VOICE]

In each slide with speech one word of at least four letters is changed, dropped or doubled in what
is spoken, while the script stays; the check must name that word.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from pathlib import Path

from lessons.course import load_course
from lessons.model import Slide
from narrate.align import check_narration
from narrate.clock import SAMPLE_RATE
from narrate.speech import DEFAULT_VOICE, narrate_slide, open_voice

INSTEAD = ("garden", "window", "purple", "sandwich", "yesterday", "mountain", "seldom", "whisper")


def _planted(slide: Slide, kind: str, chance: random.Random) -> tuple[Slide, str, int]:
    """The slide as it will be misread, the word, and the line of its sentence."""
    places = [
        (u, t)
        for u, utterance in enumerate(slide.utterances)
        for t, token in enumerate(utterance.tokens)
        if token.spoken.strip(".,;:?!").isalpha() and len(token.spoken) > 4
    ]
    u, t = chance.choice(places)
    utterance = slide.utterances[u]
    token = utterance.tokens[t]
    tail = token.spoken[len(token.spoken.rstrip(".,;:?!")) :]
    word = token.spoken.rstrip(".,;:?!")
    spoken = {
        "changed": chance.choice(INSTEAD) + tail,
        "dropped": tail,
        "doubled": f"{word}, {word}{tail}",
    }[kind]
    tokens = list(utterance.tokens)
    tokens[t] = replace(token, spoken=spoken, phones=None)
    utterances = list(slide.utterances)
    utterances[u] = replace(utterance, tokens=tuple(tokens))
    return replace(slide, utterances=tuple(utterances)), token.written, utterance.line


def main(course: Path, name: str) -> None:
    voice = open_voice(name, "en-US")
    chance = random.Random(0)
    words, false, spent, seconds = 0, 0, 0.0, 0.0
    found = {"changed": [0, 0], "dropped": [0, 0], "doubled": [0, 0]}
    for lesson in load_course(course).lessons:
        for slide in lesson.slides:
            if not slide.utterances:
                continue
            narration = narrate_slide(slide, lambda _: voice)
            begun = time.process_time()
            clean = check_narration(slide, narration, language="en-US").findings
            spent += time.process_time() - begun
            seconds += len(narration.samples) / SAMPLE_RATE
            words += len(narration.words)
            false += len(clean)
            for finding in clean:
                print("false:", finding.message)
            for kind, count in found.items():
                misread, word, line = _planted(slide, kind, chance)
                heard = narrate_slide(misread, lambda _: voice)
                findings = check_narration(slide, heard, language="en-US").findings
                hit = any(f.line == line for f in findings)
                count[0] += hit
                count[1] += 1
                if not hit:
                    print("missed:", slide.number, kind, word)
    print(f"{false} false findings in {words} words; {spent / seconds:.3f} x real time")
    print(", ".join(f"{kind} {hits} of {all_}" for kind, (hits, all_) in found.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else DEFAULT_VOICE)
