"""Achievements: goals beside the balance, such as ten visits, three shops or a visit in each of four weeks.

A *definition* says what is counted and when it is reached; a *step* is what one purchase, visit or friend adds, kept
so that it can be taken back; a *tally* is the sum of steps; an *award* is an achievement that was reached, with its
badge and its units. What a purchase earns by itself is not known here (earning).
"""
