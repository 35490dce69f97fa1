"""What the other packages stand on: problems, files and JSON. It imports none of them."""
