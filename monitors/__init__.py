"""What we saw: probes look, judgement weighs, and neither touches the database.

`probes` and `judgement` are pure. They know no Django and no Celery; time, chance and the resolver are
arguments. `catalogue` reads the blocklists that we know, and those that an operator adds, from TOML. `scan`
screens many addresses at once and keeps no standing.
"""
