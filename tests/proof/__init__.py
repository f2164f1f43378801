"""Promises with numbers: each proof tries something many times and writes down how often it failed.

    python -m tests.proof                 every proof at its full number, reports/<name>.json each
    python -m tests.proof env --small     one of them, small, nothing written
    python -m tests.proof --table         docs/proofs.md from what the reports say

A new proof is one function with @proof in a module of this folder, named in MODULES.
"""
