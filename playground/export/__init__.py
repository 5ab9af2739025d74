"""What can be taken home from a run: a script that redraws its curve, its weights, the same
network for other libraries."""
