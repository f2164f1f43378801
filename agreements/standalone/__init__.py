"""What goes along in the evidence package, to be run by somebody who has nothing of ours."""
