"""Lines of JSON to Parquet, one folder per day: ``python -m analytics.convert LINES COLUMNS FOLDER``. Columns are JSON: name to SQL type.

A process of its own, so that the memory it takes goes with it.
"""

import json
import sys
from pathlib import Path

import duckdb

_MEMORY = "128MB"
"""What does not fit is put on the disk."""


def convert(lines: Path, columns: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True)
    with duckdb.connect(lines.with_suffix(".duckdb"), config={"threads": 1, "memory_limit": _MEMORY}) as database:
        read = "SELECT * FROM read_json($lines, format = 'newline_delimited', columns = $columns)"
        database.execute(f"CREATE TABLE rows AS {read}", {"lines": str(lines), "columns": columns})
        if lines.stat().st_size:
            database.execute(f"COPY rows TO '{folder}' (FORMAT parquet, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true, OVERWRITE true)")
        else:
            database.execute(f"COPY rows TO '{folder / 'empty.parquet'}' (FORMAT parquet)")


if __name__ == "__main__":
    convert(Path(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3]))
