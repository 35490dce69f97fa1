"""reveal.js: decks in Markdown and in HTML."""
