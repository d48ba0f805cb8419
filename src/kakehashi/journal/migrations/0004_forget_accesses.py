"""The only way by which accesses are forgotten: in the open scope, and never what is younger than a year."""

from django.db import migrations

MAKE = """
CREATE FUNCTION journal_forget_accesses(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    town uuid := nullif(current_setting('kakehashi.government', true), '')::uuid;
    old_before timestamptz := least(before, now() - interval '364 days');
    forgotten bigint;
BEGIN
    DELETE FROM journal_accesssubject s USING journal_accessentry e
    WHERE s.government_id = town AND e.government_id = town AND s.entry_id = e.id AND e.accessed_at < old_before;
    DELETE FROM journal_accessentry WHERE government_id = town AND accessed_at < old_before;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$
"""
DROP = "DROP FUNCTION journal_forget_accesses(timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_accesses_and_retention")]

    operations = [migrations.RunSQL(MAKE, DROP)]
