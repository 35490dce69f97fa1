"""Stores of artefacts: a folder, or an object store that machines share."""
