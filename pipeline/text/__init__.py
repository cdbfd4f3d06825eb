"""From bytes' characters to the one normal form that every rule reads, and its layout."""
