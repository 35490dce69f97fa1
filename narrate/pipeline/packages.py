"""Packages of ours that several steps depend on, under names for a step to declare."""

from __future__ import annotations

TIMED = (
    "narrate.captions",
    "narrate.clock",
    "narrate.documents",
    "narrate.pipeline.heard_slide",
    "narrate.pipeline.slide_files",
    "narrate.pipeline.timeline",
    "narrate.typography",
    "narrate.vocabulary",
    "narrate.words",
)
"""Of a step that makes something of a lesson's times: `narrate.pipeline.timeline`."""

SPEAKING = (
    "lessons.course.drawings",
    "lessons.course.foreign_text",
    "lessons.course.media",
    "lessons.course.picture_files",
    "lessons.course.recordings",
    "lessons.course.speakers",
    "lessons.course.setting_declarations",
    "lessons.course.setting_layers",
    "lessons.course.text_files",
    "lessons.course.voice_map",
    "lessons.course.yaml_mapping",
    "lessons.directives",
    "lessons.errors",
    "lessons.speakable",
    "lessons.wordset",
    "narrate.clock",
    "narrate.limiter",
    "narrate.loudness",
    "narrate.models",
    "narrate.narration_file",
    "narrate.speech",
    "narrate.user_settings",
    "narrate.vocabulary",
    "narrate.voices",
)
"""Of a step that speaks, or listens to what was spoken."""

ALIGNING = (
    *SPEAKING,
    "avatar.errors",
    "avatar.phone",
    "narrate.align",
)
"""Of a step that finds words in a sound."""

HEARING = (
    *ALIGNING,
    "narrate.pipeline.heard_slide",
    "narrate.pipeline.slide_files",
)
"""Of a step that finds words in a sound, and tells what it found."""
