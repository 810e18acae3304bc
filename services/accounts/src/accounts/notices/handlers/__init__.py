"""The story of each notice: told once, read in the inbox, delivered by message, and what reminds of itself."""
