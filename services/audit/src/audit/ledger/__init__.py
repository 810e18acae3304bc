"""The ledger: every event of every topic, in hash chains that show any later change."""
