"""The rules of candidacies and seats. Pure: no clock, no ids made here, no database; every function returns a decision or refuses by name.

`status` is the table, `candidacy` and `seats` the two aggregates, `change` the one door through which a status moves;
each other module is named by the rule it holds.
"""
