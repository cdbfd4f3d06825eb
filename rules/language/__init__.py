"""What every rule shares about Vietnamese print: letters, phrases, word lists.

Patterns are Python's ``re`` throughout: with the letters of :mod:`rules.language.letters` it needs no ``\\p{Lu}``,
since 3.11 it has atomic groups, and it is as fast as ``regex`` on these patterns and starts sooner. ``regex`` serves
where its own features do: in :mod:`pipeline.text.segment`, with its classes of letters.
"""
