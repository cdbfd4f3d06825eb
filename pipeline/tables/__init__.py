"""The tables of the product: schemas, rows, and documents that are alike."""
