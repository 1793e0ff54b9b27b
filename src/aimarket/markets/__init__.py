"""Markets: each clears one good.  They read and write agents' state; payments go through the ledger."""
