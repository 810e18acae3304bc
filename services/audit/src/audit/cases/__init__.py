"""Cases: what HR officers decide. Opened by facts of other services, decided by officers, closed by the owner's own event."""
