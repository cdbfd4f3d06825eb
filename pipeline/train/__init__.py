"""Weights from annotated reports: what `make train` and ``trichluc train`` do. Needs scikit-learn, unlike a run."""
