/// See `Sources/README.md`.
