"""One lesson in several languages: which files are its translations, what they share with the
original, and where they lag behind it."""
