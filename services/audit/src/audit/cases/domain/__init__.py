"""Pure rules of a case: the table of steps, what officers may do, what facts do."""
