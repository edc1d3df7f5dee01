"""The whole house on one machine: broker, databases, services and gateway, without containers."""
