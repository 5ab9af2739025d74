"""Loading and preparing examples. This package does not know about networks."""
