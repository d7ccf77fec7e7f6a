"""A person's or a business's own papers: what was handed in once or issued, kept for them, offered at their next dossier."""
