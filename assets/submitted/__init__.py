"""What became of what was sent: standing, answers, explanations, the matrix and how units kept their days."""
