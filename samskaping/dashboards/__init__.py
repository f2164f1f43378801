"""Home pages, overviews, reports and exports. Owns no tables of the domain."""
