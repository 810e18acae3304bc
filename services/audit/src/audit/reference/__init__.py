"""Reference data: policy, calendar, regions, reasons, wages, contacts, lists. Each item is an aggregate with versions."""
