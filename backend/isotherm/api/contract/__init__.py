"""The contract in the plugin's languages. `make contract` writes it; a test compares it."""
