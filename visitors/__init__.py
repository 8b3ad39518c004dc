"""The window for everybody: the front page, the page of a halt order, invitations, health. No sign-in needed."""
