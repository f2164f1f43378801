"""Examples of components, a module for each part of the portal, found by being there (`EXAMPLES`, like
gallery_examples.py, where the portal's own stand)."""
