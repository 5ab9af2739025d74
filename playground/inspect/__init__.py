"""What a trained network gets wrong, and why: a selection of examples, and views of it.

Everything is computed by netcore's own forward and backward, on a network that does not change any
more, and is cached as long as that network exists.
"""
