"""The page on which people check extractions, and the drawing that notebooks share with it."""
