"""Lessons: the card above the page, and what a lesson adds to it."""
