"""What all rules share about Vietnamese print."""
