"""The kind of receivers of an undertaking, one a row, so that sums by kind count each dong once."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

KIND = "receiver_kind"
SEVERAL = "several"
"""In place of a kind: the receivers of an undertaking are of several."""


def with_receivers(found: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with :data:`KIND` in ``undertakings`` and ``projects``.

    It is the kind of all receivers of the undertaking and of its parts, :data:`SEVERAL` where they are of more than
    one, and null where none is told.
    """
    undertakings, projects = found["undertakings"], found["projects"]
    owner = dict(zip(projects["project_id"], projects["undertaking_id"], strict=True))
    parents = dict(zip(undertakings["undertaking_id"], undertakings["parent_id"], strict=True))
    kinds: dict[str, set[str]] = {}
    receivers = found["beneficiaries"][["project_id", "kind"]].dropna()
    for project, kind in set(zip(receivers["project_id"], receivers["kind"].astype(str), strict=True)):
        own: Any = owner.get(project)
        seen: set[str] = set()
        while isinstance(own, str) and own not in seen:  # the whole has the receivers of its parts
            kinds.setdefault(own, set()).add(kind)
            seen.add(own)
            own = parents.get(own)
    return {
        **found,
        "undertakings": undertakings.assign(**{KIND: _told(undertakings["undertaking_id"], kinds)}),
        "projects": projects.assign(**{KIND: _told(projects["undertaking_id"], kinds)}),
    }


def _told(keys: "pd.Series[str]", kinds: Mapping[str, set[str]]) -> "pd.Series[Any]":
    found = [kinds.get(key) for key in keys]
    told = [None if not one else SEVERAL if len(one) > 1 else next(iter(one)) for one in found]
    return pd.Series(told, keys.index, dtype="category")
