"""Cards in wallets: issued, rendered, signed, kept up to date. Not the balances themselves (ledger)."""
