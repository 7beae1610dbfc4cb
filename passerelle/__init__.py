"""Passerelle: wallet loyalty, from a QR code on a counter to a live card in Apple and Google Wallet."""
