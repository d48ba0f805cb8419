"""Outside systems that say who somebody is: OpenID Connect providers and LDAP directories."""
