"""Corrections laid over the tables."""
from collections.abc import Mapping
from pathlib import Path
import pandas as pd
def apply(found: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, pd.DataFrame]:
    return dict(found)
