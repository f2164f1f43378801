"""A year of volunteers in the demo, a module for each part."""
