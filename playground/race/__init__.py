"""A fair race: two to four settings from the same starts, and a verdict that can say that it
cannot tell.
"""
