"""What `isotherm demo` shows: recorded sessions of real SDKs, and generated traffic beside them."""
