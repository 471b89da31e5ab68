"""The demonstration: an invented city, one year of random inspection, its workbooks and its draw bundles."""
