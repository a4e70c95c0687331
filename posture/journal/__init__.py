"""The daily log: kept in SQLite, summed up, shown, and given away whole to its owner."""
