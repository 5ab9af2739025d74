"""File formats: reads and writes a training state as one `.npz`, and trusts no file."""
