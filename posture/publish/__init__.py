"""States for other programs in the house: off by default, never a picture."""
