"""The steps of the pipeline, one file each. `narrate.pipeline.graph` puts them together."""
