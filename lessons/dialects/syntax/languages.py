"""The words with which references and citations are written, in the language of the lesson."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lessons.dialects.base import Context, as_text

_KEYS = ("fig", "tbl", "eq", "sec", "cha", "lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm",
         "exr", "sol", "rem", "and", "others", "no date", "unknown")  # fmt: skip
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("Figure", "Table", "Equation", "Section", "Chapter", "Listing", "Theorem", "Lemma",
               "Corollary", "Proposition", "Conjecture", "Definition", "Example", "Exercise",
               "Solution", "Remark", "and", "et al.", "n.d.", "unknown"),
        "de": ("Abbildung", "Tabelle", "Gleichung", "Abschnitt", "Kapitel", "Listing", "Satz",
               "Lemma", "Korollar", "Proposition", "Vermutung", "Definition", "Beispiel", "Übung",
               "Lösung", "Bemerkung", "und", "u. a.", "o. J.", "unbekannt"),
        "fr": ("Figure", "Tableau", "Équation", "Section", "Chapitre", "Listing", "Théorème",
               "Lemme", "Corollaire", "Proposition", "Conjecture", "Définition", "Exemple",
               "Exercice", "Solution", "Remarque", "et", "et al.", "s. d.", "inconnu"),
        "es": ("Figura", "Tabla", "Ecuación", "Sección", "Capítulo", "Listado", "Teorema", "Lema",
               "Corolario", "Proposición", "Conjetura", "Definición", "Ejemplo", "Ejercicio",
               "Solución", "Nota", "y", "et al.", "s. f.", "desconocido"),
        "pt": ("Figura", "Tabela", "Equação", "Seção", "Capítulo", "Listagem", "Teorema", "Lema",
               "Corolário", "Proposição", "Conjectura", "Definição", "Exemplo", "Exercício",
               "Solução", "Observação", "e", "et al.", "s.d.", "desconhecido"),
        "it": ("Figura", "Tabella", "Equazione", "Sezione", "Capitolo", "Listato", "Teorema",
               "Lemma", "Corollario", "Proposizione", "Congettura", "Definizione", "Esempio",
               "Esercizio", "Soluzione", "Osservazione", "e", "et al.", "s.d.", "sconosciuto"),
    }
)  # fmt: skip


def get_words(context: Context) -> Mapping[str, str]:
    """The words in the lesson's language, or in English."""
    tag = as_text(context.front.get("lang")) or as_text(context.front.get("language"))
    if not tag and context.project is not None:
        tag = context.project.language
    words = _WORDS.get(tag.lower().replace("_", "-").partition("-")[0], _WORDS["en"])
    return dict(zip(_KEYS, words, strict=True))
