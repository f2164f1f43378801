"""What it was worth: evaluations, answers, the recipients' voice."""
