"""Voices of speech servers with OpenAI's interface, which the user's own settings name."""
