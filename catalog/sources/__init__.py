"""Text in, claims out: what sources state, as plain dataclasses. Imports neither Django nor the models."""
