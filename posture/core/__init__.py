"""Pure posture logic: landmarks in, effects out; no I/O, no clock, no vendor types."""
