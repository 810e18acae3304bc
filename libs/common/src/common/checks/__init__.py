"""Looking for what does not hold in the databases (R27). A finding is an alarm with the rows; nothing is repaired."""
