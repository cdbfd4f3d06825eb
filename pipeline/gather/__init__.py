"""The same undertaking in several reports: mentions in, undertakings out.

=================  =====================================================================================
``describe``       tables of a few documents -> a mention a row: what comparing them needs, and no text
``rarity``          how many undertakings have a sign: what very many have tells none of them apart
``propose``        which mentions are worth a comparison
``compare``        two mentions -> named features
``contradict``     what two mentions of one undertaking cannot differ in
``decide``         features -> one or two, by weights; a joined set may hold no contradiction
``choose``         mentions of one undertaking -> its row: which figure wins
``gather``         all mentions of the tables -> the table ``undertakings``, in bounded memory
=================  =====================================================================================
"""
