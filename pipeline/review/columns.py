"""How far each column can be trusted, from the verdicts so far, and an estimate of what is missed."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.analysis.read import read
from pipeline.corrections.fields import DELETE, FIELDS, SENTENCES
from pipeline.corrections.verdicts import entries, latest
from pipeline.review.precision import wilson
from rules.language.lists import read as words
from rules.money.lexicon import units


def columns(out: str | Path) -> pd.DataFrame:
    """The share of right values of each column that people judged: a row a table and column.

    ``right`` says that all columns of a row are, ``corrected`` that all but the corrected ones are, ``wrong`` without a
    correction that the row is no fact (column ``(fact)``). ``judged`` counts rows, ``right`` is their weighted share,
    ``low`` and ``high`` the ends of its 95 % interval (Wilson, for the effective number of rows).
    """
    told: dict[tuple[str, str], list[tuple[bool, float]]] = {}
    for (table, *_), entry in latest(out).items():
        if table not in FIELDS or entry["verdict"] == "missed":
            continue
        weight = float(entry["row"].get("weight") or 1)
        correction = set(entry["correction"])
        is_fact = entry["verdict"] != "wrong" and DELETE not in correction
        told.setdefault((table, "(fact)"), []).append((is_fact, weight))
        if is_fact:
            for column in FIELDS[table]:
                told.setdefault((table, column), []).append((column not in correction, weight))
    rows = [{"table": table, "column": column} | _share(judged) for (table, column), judged in sorted(told.items())]
    return pd.DataFrame(rows, columns=["table", "column", "judged", "right", "low", "high"])


def _share(judged: list[tuple[bool, float]]) -> dict[str, Any]:
    total = sum(weight for _, weight in judged)
    share = sum(weight for right, weight in judged if right) / total
    effective = total**2 / sum(weight**2 for _, weight in judged)
    low, high = wilson(share * effective, effective)
    return {"judged": len(judged), "right": round(share, 4), "low": round(low, 4), "high": round(high, 4)}


def silent(out: str | Path, n: int = 30, seed: int = 1) -> pd.DataFrame:
    """``n`` sentences that speak of money or undertakings and gave no fact, to be judged for what was missed.

    Columns: ``doc_id``, ``source``, ``sentence``, ``start``, ``end``, ``text``, and ``weight``: how many sentences
    of the archive one of them stands for. The same for the same seed.
    """
    tables = read(out, corrections=False)
    found = pd.concat([tables[name][["doc_id", "sentence"]] for name in ("amounts", "projects")]).drop_duplicates()
    keys = pd.MultiIndex.from_frame(found)
    sentences = tables["sentences"]
    quiet = sentences[~pd.MultiIndex.from_frame(sentences[["doc_id", "sentence"]]).isin(keys)]
    documents = tables["documents"].set_index("doc_id")
    whole = dict(zip(tables["documents"]["doc_id"], tables["documents"]["text"], strict=True))
    texts = [
        whole[doc_id][start:end]
        for doc_id, start, end in zip(quiet["doc_id"], quiet["start"], quiet["end"], strict=True)
    ]
    quiet = quiet.assign(text=texts, source=documents["source"].reindex(quiet["doc_id"]).array)
    speaking = quiet[[bool(_speaks().search(text.lower())) for text in quiet["text"]]]
    drawn = speaking.sample(min(n, len(speaking)), random_state=seed)
    return drawn.assign(weight=len(speaking) / max(1, len(drawn)))[
        ["doc_id", "source", "sentence", "start", "end", "text", "weight"]
    ].reset_index(drop=True)


def _speaks() -> re.Pattern[str]:
    """A figure with a word of money behind it, or a kind word of undertakings."""
    kinds = "|".join(map(re.escape, words("rules.project", "heads")["kinds"]))
    scales = "|".join(map(re.escape, units().scale))
    return re.compile(rf"\d\s?(?:{scales}|đồng)(?!\w)|(?<!\w)(?:{kinds})(?!\w)")


def missed(out: str | Path) -> dict[str, Any]:
    """The estimate of sentences in which something was missed, from verdicts on :func:`silent` sentences.

    ``judged`` sentences, ``share`` of them with something missed and its interval (``low``, ``high``), ``sentences``:
    about how many of the archive that is.
    """
    given = [entry for entry in latest(out).values() if entry["table"] == SENTENCES]
    lost = sum(entry["verdict"] == "wrong" for entry in given)
    low, high = wilson(lost, len(given))
    standing = sum(float(entry["row"].get("weight") or 1) for entry in given)
    share = lost / len(given) if given else None
    return {
        "judged": len(given),
        "share": share,
        "low": low,
        "high": high,
        "sentences": None if share is None else round(share * standing),
        "added": sum(entry["verdict"] == "missed" for entry in entries(out)),
    }
