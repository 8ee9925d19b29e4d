"""A run becomes a scene, and a scene the charts of the player."""
