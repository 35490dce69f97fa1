"""Signs that several dialects share: each module rewrites one of them into what the parser reads.

What a single tool writes stands beside its dialect.
"""
