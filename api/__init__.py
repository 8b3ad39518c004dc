"""The window for machines: JSON over HTTP with bearer tokens, described by /api/v1/openapi.json."""
