"""The live page: the market of ``aimarket`` in a browser, one model a visitor.

Needs the extra ``viz``; nothing in ``aimarket`` imports it but the verb ``aimarket viz``, when it runs.
"""
