"""One DuckDB database: the tables of the contract with their keys and comments, and one more to sum by."""

from pathlib import Path

import duckdb
import pyarrow as pa

import pipeline
from pipeline.tables.schema import SCHEMAS

ERRORS = (duckdb.Error,)
_KEYS = {
    "documents": "doc_id",
    "projects": "project_id",
    "undertakings": "undertaking_id",
    "amounts": "amount_id",
    "beneficiaries": "beneficiary_id",
    "locations": "location_id",
}


def write(out: Path, target: Path) -> None:
    """Write the database ``target`` anew.

    Its tables ``projects_once`` and ``undertakings_once`` are :func:`pipeline.once` of :func:`pipeline.read`: no parts,
    no duplicates, each undertaking once, with its province, so that each dong counts once.
    """
    read = pipeline.read(out)
    once = {
        name: pa.Table.from_pandas(pipeline.once(read[name]), preserve_index=False)
        for name in ("projects", "undertakings")
    }
    try:
        with duckdb.connect(target) as database:
            _fill(database, out)
            for name, table in once.items():
                database.register("once", table)
                database.execute(f"create table {name}_once as select * from once")
    finally:
        Path(f"{target}.wal").unlink(missing_ok=True)  # where it could not be closed


def _fill(database: duckdb.DuckDBPyConnection, out: Path) -> None:
    for name, schema in SCHEMAS.items():
        source = str(out / name / "**" / "*.parquet").replace("'", "''")  # a table may be split into folders
        columns = ", ".join(f'"{column}"' for column in schema.names)
        database.execute(
            f"create table {name} as select {columns} from read_parquet('{source}', hive_partitioning = false)"
        )
        if name in _KEYS:
            database.execute(f"alter table {name} add primary key ({_KEYS[name]})")
        for field in schema:
            meaning = field.metadata[b"description"].decode().replace("'", "''")
            database.execute(f"comment on column {name}.\"{field.name}\" is '{meaning}'")
