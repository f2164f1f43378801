"""The people who help: records, requirements, follow-up, assignments, hours."""
