"""The library: every run that was trained here, kept on disk beside its steps, so that it outlives
the server, can be gone on with to the bit, and can be compared with others."""
