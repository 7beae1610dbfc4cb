"""Posters: a join link on paper, from A4 to a business card, with the merchant's words and colours.

A *design* is what the merchant chose; a *layout* puts it on a *sheet*, which is a PDF for the printer or an SVG for
the screen. Both are drawn by the same lines, so that the preview is the print.
"""
