"""A run over an archive: plan, inputs, workers, shards, tables, summary."""
