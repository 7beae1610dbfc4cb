"""Referral: a member brings a friend, and both are rewarded once the friend has really bought something.

A *code* is a member's own, to share; a *referral* is one friend who joined with it, followed from joining over the
qualifying purchase to the reward, or to the reason why there is none. Who may see the join page, and how a code gets
through it, is not known here (distribution).
"""
