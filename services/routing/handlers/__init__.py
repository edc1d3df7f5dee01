"""The desk of routing: one function a command or event, each inside one transaction."""
