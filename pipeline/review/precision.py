"""How often the tables are right, with the interval that a sample of this size allows."""

from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.corrections.fields import wrong_value
from pipeline.corrections.verdicts import verdicts

_Z = 1.959963984540054  # 95 % of a normal distribution
_BY = ("table", "role", "rule", "source")


def wilson(right: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share (Wilson 1927), which is sound for small samples and near 0 and 1.

    >>> [round(end, 3) for end in wilson(45, 50)]
    [0.786, 0.957]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if n <= 0:
        return 0.0, 1.0
    share = right / n
    middle = share + _Z**2 / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def report(out: str | Path, by: str | None = None) -> pd.DataFrame:
    """Precision by ``table``, ``role``, ``rule`` and ``source``, or by one of them; most errors first.

    Columns: ``by``, ``value``, ``judged``, ``wrong`` (corrected ones included), ``precision`` and the ends ``low`` and
    ``high`` of its 95 % interval. Each row counts with its weight in the sample, so that a stratum of which many rows
    were drawn does not stand for more than it is; the interval is Wilson's for the effective number of rows (Kish).
    A row that several rules made counts for each of them.

    Raises ``ValueError`` for another ``by``.
    """
    if by is not None and by not in _BY:
        raise ValueError(wrong_value("by", by, _BY))
    judged = verdicts(out)
    rows = [
        {"by": name, "value": value} | _figures(group)
        for name in ([by] if by else _BY)
        for value, group in _split(judged, name).groupby(name, observed=True)
    ]
    rows.sort(key=lambda row: (_BY.index(row["by"]), -row["wrong"], -row["judged"], str(row["value"])))
    return pd.DataFrame(rows, columns=["by", "value", "judged", "wrong", "precision", "low", "high"])


def worst(out: str | Path, n: int = 10) -> pd.DataFrame:
    """The ``n`` rules with most errors, with an example of each."""
    rules = report(out, by="rule")
    rules = rules[rules["wrong"] > 0].head(n).drop(columns="by").rename(columns={"value": "rule"})
    judged = _split(verdicts(out), "rule")
    wrong = judged[judged["verdict"] != "right"].drop_duplicates("rule")
    return rules.assign(example=rules["rule"].map(wrong.set_index("rule")["text"])).reset_index(drop=True)


def _split(judged: pd.DataFrame, name: str) -> pd.DataFrame:
    if name == "rule":
        return judged.assign(rule=judged["rule"].str.split("+")).explode("rule")
    return judged.dropna(subset=[name])


def _figures(group: pd.DataFrame) -> dict[str, Any]:
    weight = group["weight"]
    right = group["verdict"] == "right"
    share = float(weight[right].sum() / weight.sum())
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    low, high = wilson(share * effective, effective)
    figures = {"precision": round(share, 4), "low": round(low, 4), "high": round(high, 4)}
    return {"judged": len(group), "wrong": int((~right).sum()), **figures}


def plot(out: str | Path, by: str = "role") -> Any:
    """The report as a chart (matplotlib ``Axes``): a dot a value with its interval, worst on top."""
    import matplotlib.pyplot as plt

    table = report(out, by).sort_values("precision", ascending=False)
    _, axes = plt.subplots(figsize=(7, 0.45 * len(table) + 1.2), layout="constrained")
    names = [f"{value}  ({n})" for value, n in zip(table["value"], table["judged"], strict=True)]
    axes.hlines(names, table["low"], table["high"], color="#b9a7e3", linewidth=5)
    axes.plot(table["precision"], names, "o", color="#5b4596")
    axes.set(xlim=(0, 1.02), xlabel="precision, with 95 % interval", title=f"Judged rows by {by}")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return axes
