"""Alembic's entry: runs the steps on the connection that it is given."""

from alembic import context

from isotherm.storage.saved.migrations import TABLE

context.configure(connection=context.config.attributes["connection"], version_table=TABLE)
with context.begin_transaction():
    context.run_migrations()
