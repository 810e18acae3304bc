"""The HTTP routes of reference data."""
