"""What the zone publishes beside postings: announcements, policies and guide pages of the offices (G16)."""
