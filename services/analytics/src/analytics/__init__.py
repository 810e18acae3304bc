"""Statistics of the programme: a downstream consumer, on the published events and nothing else."""
