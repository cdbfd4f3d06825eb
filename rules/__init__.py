"""What to look for: grammar in Python, words in TOML. Pure functions on text; nothing here imports `pipeline`."""
