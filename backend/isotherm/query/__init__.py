"""Query: a question and a scope -> a frame of named columns.

One file per question in `questions/`; placing clicks on a background is `placing/`. May import
`model` and `storage.ports`.
"""
