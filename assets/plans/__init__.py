"""The plan held against figures: verdicts, gaps in units of work, coverage of the articles, drafts."""
