"""Pure: what a history comes to on a day, the measures, and what is not disclosed."""
