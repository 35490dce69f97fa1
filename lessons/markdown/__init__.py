"""Text to blocks to slides: reads Markdown, and what a deck or a script makes of it."""
