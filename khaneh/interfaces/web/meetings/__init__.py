"""The pages of matchmaking sessions and demo days: everybody's, the participant's own, the organiser's desk."""
