"""The generated pages of docs/, one module a part. Each has `pages(root) -> {path below docs/: text}`."""
