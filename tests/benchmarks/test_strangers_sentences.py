"""The sample of strangers' sentences (benchmarks/strangers_sentences.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.strangers_sentences import read_sentences, split_words


def test_figures_capitals_other_scripts_and_repetitions_are_left_out(tmp_path: Path) -> None:
    lines = [
        "Die Brücke ist wieder offen.",
        "Die Brücke ist wieder offen.",
        "Sie hat 12 Brücken gebaut.",
        "Die ARD war auch da.",
        "Er sagt, Москва sei weit.",
        "Zu kurz.",
    ]
    (tmp_path / "de.txt").write_text("\n".join(lines), encoding="utf-8")
    assert read_sentences(tmp_path, "de-DE", 100) == ["Die Brücke ist wieder offen."]


def test_the_sample_is_random_and_the_same_each_time(tmp_path: Path) -> None:
    numbers = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
    lines = [f"Ich sage {a} und {b}." for a in numbers for b in numbers]
    (tmp_path / "de.txt").write_text("\n".join(lines), encoding="utf-8")
    few = read_sentences(tmp_path, "de", 5)
    assert read_sentences(tmp_path, "de", 5) == few != sorted(lines)[:5]
    assert len(set(few)) == 5


def test_letters_count_where_words_are_not_written_apart(tmp_path: Path) -> None:
    (tmp_path / "zh.txt").write_text("我们在考试以前测量压力\n短句\nABC公司在这里开会了\n", "utf-8")
    assert read_sentences(tmp_path, "zh-CN", 9) == ["我们在考试以前测量压力"]


def test_words_keep_the_punctuation_after_them() -> None:
    assert split_words("¿Quién es ? Nadie.", "es") == ["¿Quién", "es?", "Nadie."]
    pytest.importorskip("jieba")
    words = split_words("我们在考试以前，测量压力。", "zh")
    assert "".join(words) == "我们在考试以前，测量压力。"
    assert words[-1].endswith("。")
