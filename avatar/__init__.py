"""The talking portrait: a photo, consent and timed phones become frames.

It imports only `foundation`, and can be used without the rest of the repository.
"""
