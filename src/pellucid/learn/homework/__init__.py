"""Homework: exercises of a room or a teacher, and the checker that never lets the learner's code see an answer."""

from pellucid.learn.homework.exercise import Beat, Case, Choice, Exercise, Function, Quantity

__all__ = ["Beat", "Case", "Choice", "Exercise", "Function", "Quantity"]
