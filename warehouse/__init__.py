"""Where results live: the schema, its migrations, the Parquet lake, and publication as releases.

It knows no contract, rule or Dagster: it is handed Arrow tables and keeps them.
"""
