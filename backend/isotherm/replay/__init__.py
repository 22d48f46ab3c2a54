"""Replay: the segments of a recording -> documents over time, clicks, scrolls and signals.

`formats` reads each recorder's JSON, `dom` holds the page's tree, style sheets, element keys and
labels, `scroll` knows where the page stood, `derive` makes views and actions, `playback` makes
rrweb events for a player. Pure functions; may import `model`.
"""
