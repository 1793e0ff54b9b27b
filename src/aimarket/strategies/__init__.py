"""Strategies by decision: one folder a decision, one file a strategy.

Each folder's ``interface.py`` holds the view that the decision is made on and the decision itself.
"""
