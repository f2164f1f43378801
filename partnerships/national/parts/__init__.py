"""The parts of the nation."""
