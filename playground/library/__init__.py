"""The library: every run is stored on disk during training, so that it outlives the server, can be
continued bit for bit, and can be compared with others.
"""
