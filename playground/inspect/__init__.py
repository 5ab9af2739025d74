"""What a trained network gets wrong, and why: a selection of examples, and views that follow it.

Everything is computed by netcore's own forward and backward, of a network that nobody changes any
more, and kept while that network is.
"""
