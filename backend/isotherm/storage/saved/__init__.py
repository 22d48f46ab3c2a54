"""What people keep: backgrounds, saved heatmaps, shares."""
