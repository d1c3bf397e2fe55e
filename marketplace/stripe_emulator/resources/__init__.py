"""Stripe's resources, one file each: its objects and its endpoints."""
