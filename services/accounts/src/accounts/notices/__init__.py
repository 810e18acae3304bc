"""Notices (R21): who is told what, in the platform and by message, and who is reminded of what is due (R22, R29)."""
