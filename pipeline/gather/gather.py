"""All mentions of the tables -> the table ``undertakings``, in bounded memory.

Mentions are shared out by current province, for what lies in two is not one; a province at a time is held. What has no
province stands for itself. Rows come out in the order of provinces, then of ids, whatever the order of the mentions.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.gather.choose import row
from pipeline.gather.decide import PLANS, Joined, join
from pipeline.gather.mention import MENTIONS, Mention, from_table, order
from pipeline.gather.words import folded_name
from pipeline.tables.schema import SCHEMAS

NEAR = pa.schema(
    [
        pa.field("project_id", pa.string(), False),
        pa.field("other_id", pa.string(), False),
        pa.field("margin", pa.int32(), False),
        pa.field("why", pa.string(), False),
        pa.field("reasons", pa.list_(pa.string()), False),
    ]
)
"""Pairs of mentions that stayed apart but nearly were one: hundredths of weight over the line, what kept them apart,
and what spoke for joining."""

_PARENTS = "parents"
_HELD = pa.schema([*SCHEMAS["undertakings"], pa.field(_PARENTS, pa.list_(pa.string()), False)])
_ROWS = 1 << 16  # rows of a group in a file


@dataclass(slots=True)
class Gathered:
    """What joining said: `ids` has the undertaking of each row of ``projects`` whose undertaking has another's id."""

    ids: dict[str, str] = field(default_factory=dict)
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """undertaking -> rows of ``projects`` that it is told to be a part of"""
    sizes: dict[str, int] = field(default_factory=dict)
    """undertakings that are groups -> how many they count"""

    def parent(self, undertaking: str) -> str | None:
        """The nearest of the groups that it is a part of, the largest of several; no one is a part of itself."""
        above = [self.ids.get(p, p) for p in self.parents.get(undertaking, ())]
        above = [p for p in dict.fromkeys(above) if undertaking not in self._above(p)]
        nearest = [p for p in above if not any(p in self._above(q) - {q} for q in above)]
        return min(nearest or above, key=lambda p: (-self.sizes.get(p, 1), p), default=None)

    def _above(self, undertaking: str) -> set[str]:
        """The undertaking and all that it is, directly or not, told to be a part of."""
        found, todo = {undertaking}, [undertaking]
        while todo:
            for parent in self.parents.get(todo.pop(), ()):
                parent = self.ids.get(parent, parent)
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return found


def gather(
    tables: Iterable[pa.Table], copies: Mapping[str, str], folder: Path, schema: pa.Schema = SCHEMAS["undertakings"]
) -> Gathered:
    """Write the tables ``undertakings`` and ``near`` into folders of these names in ``folder``.

    ``tables`` are mentions (:data:`pipeline.gather.mention.MENTIONS`); ``copies`` has for each document that is a copy
    the one that it is a copy of; ``schema`` is that of ``undertakings``, with what its files say of themselves. Raises
    `OSError` where nothing can be written.
    """
    gathered = Gathered()
    split = folder / "mentions.split"
    held = split / "rows"
    try:
        homes = _share_out(tables, split)
        for name in ("undertakings", "near"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        near_file = folder / "near" / "part-00000.parquet"
        with pa.ipc.new_stream(held, _HELD) as rows, pq.ParquetWriter(near_file, NEAR, compression="zstd") as near:
            for home in homes:
                with pa.ipc.open_stream(split / f"home-{home}") as stream:
                    mentions = [mention for batch in stream for mention in from_table(pa.Table.from_batches([batch]))]
                found, pairs = join_home(mentions, copies, gathered)
                rows.write_table(pa.Table.from_pylist(found, _HELD))
                near.write_table(pa.Table.from_pylist(pairs, NEAR))
        _finish(held, gathered, folder / "undertakings" / "part-00000.parquet", schema)
    finally:
        shutil.rmtree(split, ignore_errors=True)
    return gathered


def gather_table(mentions: pa.Table, copies: Mapping[str, str]) -> tuple[pa.Table, Gathered]:
    """The same in memory, for some documents: the table ``undertakings``, and what joining said."""
    gathered = Gathered()
    homes: dict[str, list[Mention]] = {}
    for mention in from_table(mentions):
        homes.setdefault(mention.home, []).append(mention)
    rows = [found for home in sorted(homes) for found in join_home(homes[home], copies, gathered)[0]]
    table = pa.Table.from_pylist(rows, _HELD)
    return _with_parents(table, gathered), gathered


def join_home(
    mentions: Sequence[Mention], copies: Mapping[str, str], gathered: Gathered
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the undertakings of one province, with the rows that they are parts of; pairs that nearly were one."""
    mentions = sorted(mentions, key=lambda m: m.project_id)
    own, twins = without_copies(mentions, copies)
    joined = join(own) if own and own[0].home else Joined([[place] for place in range(len(own))])
    rows = []
    for members in joined.sets:
        told = sorted((own[place] for place in members), key=order)
        again = [twin for m in told for twin in twins.get(m.project_id, ())]
        key = told[0].project_id
        parents = tuple(dict.fromkeys(m.parent_id for m in told if m.parent_id))
        made = row(told, joined.reasons.get(members[0], ()), None, again)
        rows.append(made | {_PARENTS: list(parents)})
        gathered.ids.update((m.project_id, key) for m in (*told[1:], *again))
        if parents:
            gathered.parents[key] = parents
        if made["n_projects"] > 1 or made["kind"] in PLANS:
            gathered.sizes[key] = made["n_projects"]
    rows.sort(key=lambda made: str(made["undertaking_id"]))
    return rows, _near(own, joined)


def without_copies(
    mentions: Sequence[Mention], copies: Mapping[str, str]
) -> tuple[list[Mention], dict[str, list[Mention]]]:
    """The mentions of first reports, and for each those that copies of its report have of it.

    What only a copy tells stands for itself, as told by the first report.
    """
    if not any(m.doc_id in copies for m in mentions):
        return list(mentions), {}
    own = [m for m in mentions if m.doc_id not in copies]
    first: dict[tuple[Any, ...], list[Mention]] = {}
    for m in own:
        first.setdefault((m.doc_id, *_print(m)), []).append(m)
    twins: dict[str, list[Mention]] = {}
    taken: set[tuple[str, str]] = set()
    for m in (m for m in mentions if m.doc_id in copies):
        alike = first.get((copies[m.doc_id], *_print(m)), [])
        twin = next((one for one in alike if (one.project_id, m.doc_id) not in taken), None)
        if twin is None:
            m.doc_id = copies[m.doc_id]
            own.append(m)
        else:
            taken.add((twin.project_id, m.doc_id))
            twins.setdefault(twin.project_id, []).append(m)
    return sorted(own, key=lambda m: m.project_id), twins


def _print(m: Mention) -> tuple[Any, ...]:
    return m.kind, folded_name(m.name or ""), m.n_projects


def _near(mentions: Sequence[Mention], joined: Joined) -> list[dict[str, Any]]:
    rows = []
    for pair, why in joined.near:
        a, b = mentions[pair.first], mentions[pair.second]
        first, second = sorted((a.project_id, b.project_id))
        reasons = list(joined.scale.reasons(a, b)) if joined.scale else []
        rows.append({"project_id": first, "other_id": second, "margin": pair.margin, "why": why, "reasons": reasons})
    return rows


def _share_out(tables: Iterable[pa.Table], folder: Path) -> list[str]:
    """Write the mentions into a stream for each current province; gives their codes in order."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as stack:
        streams: dict[str, pa.RecordBatchStreamWriter] = {}
        for table in tables:
            for home in table["home"].unique().to_pylist():
                if home not in streams:
                    target = folder / f"home-{home}"
                    streams[home] = stack.enter_context(pa.ipc.new_stream(target, MENTIONS, options=options))
                streams[home].write_table(table.filter(pc.equal(table["home"], home)).cast(MENTIONS))
    return sorted(streams)


def _finish(held: Path, gathered: Gathered, target: Path, schema: pa.Schema) -> None:
    """Write the rows with their parents, which may lie in other provinces."""
    with (
        pa.ipc.open_stream(held) as stream,
        pq.ParquetWriter(target, schema, compression="zstd", write_page_index=True) as file,
    ):
        for table in _grouped(stream):
            file.write_table(_with_parents(table, gathered).cast(schema))


def _grouped(stream: pa.RecordBatchStreamReader) -> Iterator[pa.Table]:
    batches: list[pa.RecordBatch] = []
    for batch in stream:
        batches.append(batch)
        if sum(map(len, batches)) >= _ROWS:
            yield pa.Table.from_batches(batches)
            batches = []
    if batches:
        yield pa.Table.from_batches(batches)


def _with_parents(table: pa.Table, gathered: Gathered) -> pa.Table:
    schema = SCHEMAS["undertakings"]
    parents = [gathered.parent(key) for key in table["undertaking_id"].to_pylist()]
    place = schema.get_field_index("parent_id")
    return (
        table.select(schema.names).set_column(place, schema.field(place), pa.array(parents, pa.string())).cast(schema)
    )
