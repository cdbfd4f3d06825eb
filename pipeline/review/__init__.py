"""Spot-checking: sample, judge, report, correct."""
