"""The pages: Falcon resources that ask the services and let the press draw the answer."""
