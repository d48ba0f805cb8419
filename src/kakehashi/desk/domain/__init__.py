"""The rules of the consultation desk without a database: states, effect, masking, comparison of conditions."""
