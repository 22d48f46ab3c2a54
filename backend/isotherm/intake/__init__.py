"""Takes what SDKs send and turns it into events, dropping nothing without a counted reason."""
