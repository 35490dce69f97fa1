"""What all other packages use: problems, files, JSON and language tags. It imports none of them."""
