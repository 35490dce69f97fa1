"""Signs that several tools share: each module rewrites one of them into what the parser reads."""
