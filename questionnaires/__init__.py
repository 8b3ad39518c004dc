"""What vendors told us and what we accepted: the exhibits, drafts, signatures, review, and the written acceptance."""
