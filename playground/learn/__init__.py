"""Lessons: what one consists of, how a learner advances in it, and what is handed in."""
