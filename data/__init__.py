"""Where examples come from. Knows nothing of networks."""
