"""Strategies for training."""
