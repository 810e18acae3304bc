"""Rules of reference data: pure."""
