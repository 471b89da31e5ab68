"""Who may do what, and how a sign-in is protected."""
