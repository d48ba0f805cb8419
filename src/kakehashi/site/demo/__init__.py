"""demo: a fictional prefecture with a year of work behind it, and five scenes to walk the road in five minutes.

Everything is made through the rooms' own services; what is only here is the content. Refuses a database
that is not a demo.
"""
