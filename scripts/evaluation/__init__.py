"""How right the shipped program is: its readings against data whose truth is known."""
