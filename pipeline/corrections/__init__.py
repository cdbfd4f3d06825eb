"""What people said of the facts, and the rows with it laid over."""
