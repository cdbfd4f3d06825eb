"""What an analyst calls on finished tables: read, sum once, explain, evaluate."""
