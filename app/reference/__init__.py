"""Code lists that every installation starts with, as facts: agencies, regions, industries, categories, holidays."""
