"""CreateTokenWithIAM's bytes: who may call it, its body, its answer and the tokens in it."""
