"""What every request passes before its resource and after it."""
