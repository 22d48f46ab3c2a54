"""The contract as the plugin's languages read it: `make contract` writes it, a test compares."""
