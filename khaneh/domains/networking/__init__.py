"""Houses that see and share what each other has; investors and others who follow sectors, regions and houses by a digest."""
