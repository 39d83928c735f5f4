"""Learning: courses and their runs, who enrols and who comes, certificates, and whether the staff is trained."""
