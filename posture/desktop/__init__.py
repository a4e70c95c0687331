"""The desktop: tray, notifications, session facts, control of a running monitor, autostart."""
