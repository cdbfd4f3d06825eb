"""Spot-checking: sample the tables, judge the rows, see how good they are, correct them, and keep what was learned.

>>> import pipeline.review
>>> # rows = pipeline.review.sample("output", table="amounts", n=50, by="role", seed=1)
>>> # pipeline.review.judge(rows)                 # a small widget in Jupyter
>>> # pipeline.review.report("output")            # precision with its 95 % interval
>>> # pipeline.review.columns("output")           # the same for each column
>>> # pipeline.review.missed("output")            # an estimate of what no rule found
>>> # pipeline.review.near("output")             # rows that stayed apart but nearly were one undertaking
>>> # pipeline.review.join("output", [one, other]) # they are one; split(...) says that they are two
>>> # pipeline.review.to_cases("output")          # corrections become test cases

What people decide lies beside the output folder, not in it (``output-review/`` beside ``output/``), so that a fresh run
never touches it: ``verdicts.jsonl``, one line a verdict, only ever appended to, and ``corrections.parquet``, made from
it, which :func:`pipeline.read` lays over the tables.
"""

from pipeline.corrections.joins import join, near, split
from pipeline.corrections.overlay import corrections
from pipeline.corrections.verdicts import record, verdicts
from pipeline.review.cases import to_cases
from pipeline.review.columns import columns, missed, silent
from pipeline.review.precision import plot, report, wilson, worst
from pipeline.review.sampling import sample
from pipeline.review.widget import judge

__all__ = [
    "columns", "corrections", "join", "judge", "missed", "near", "plot", "record", "report", "sample", "silent",
    "split", "to_cases", "verdicts", "wilson", "worst",
]  # fmt: skip
