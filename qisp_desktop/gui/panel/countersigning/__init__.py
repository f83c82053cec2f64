"""The panel leader's countersigning: papers and what each is, the paper itself, and one run over what was chosen."""
