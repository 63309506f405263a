"""The two example campaigns and the demo team: what a new installation in development shows."""
