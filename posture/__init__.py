"""posture: the colleague who notices how you sit."""

__version__ = "0.1.0"
