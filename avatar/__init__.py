"""The talking portrait: photo, consent and timed phones to frames. Imports no other room."""
