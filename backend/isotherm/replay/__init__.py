"""What replays tell: documents at any moment, true clicks and depths. Pure functions only."""
