"""When and where: the code location, jobs, schedule, sensor, settings and the command line.

What is made, and how, is in `assets`; nothing here computes.
"""
