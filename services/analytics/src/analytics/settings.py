"""Settings of analytics."""

from pathlib import Path

from common.settings import Settings


class AnalyticsSettings(Settings):
    """`parquet_folder` is where the daily export goes; without it there is none."""

    parquet_folder: Path | None = None
