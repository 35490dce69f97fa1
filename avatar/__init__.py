"""The talking portrait: a photo with consent and timed phones become frames. Imports no other room."""
