"""remark: its tokens, and its classes and macros."""
