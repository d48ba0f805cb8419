"""The only way by which the text of a decided proposal goes: its record file was destroyed or transferred. Numbers and digests stay."""

from django.db import migrations

GONE = "（廃棄・移管済み）"

MAKE = f"""
CREATE FUNCTION approvals_has_gone(proposal uuid, town uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM records_document d JOIN records_recordfile f ON f.id = d.record_file_id AND f.government_id = town
    WHERE d.government_id = town AND d.source_kind = 'approvals.proposal' AND d.source_id = proposal AND f.state <> 'kept'
  )
$$;

CREATE OR REPLACE FUNCTION approvals_freeze_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.submitted_at IS NOT NULL THEN
      RAISE EXCEPTION 'a submitted proposal is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state IN ('decided', 'issued', 'no_issue_needed', 'completed', 'filed')
     AND (NEW.digest IS DISTINCT FROM OLD.digest OR NEW.rule_id IS DISTINCT FROM OLD.rule_id
          OR NEW.clause IS DISTINCT FROM OLD.clause OR NEW.number IS DISTINCT FROM OLD.number
          OR NEW.government_id IS DISTINCT FROM OLD.government_id) THEN
    RAISE EXCEPTION 'a decided proposal is write-once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state IN ('decided', 'issued', 'no_issue_needed', 'completed', 'filed')
     AND (NEW.body IS DISTINCT FROM OLD.body OR NEW.subject IS DISTINCT FROM OLD.subject)
     AND NOT (NEW.body = '{{}}'::jsonb AND NEW.subject = '{GONE}' AND approvals_has_gone(OLD.id, OLD.government_id)) THEN
    RAISE EXCEPTION 'a decided proposal is write-once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.issued_on IS NOT NULL
     AND (NEW.state NOT IN ('issued', 'completed', 'filed') OR NEW.issued_on IS DISTINCT FROM OLD.issued_on
          OR (OLD.document_number <> '' AND NEW.document_number IS DISTINCT FROM OLD.document_number)) THEN
    RAISE EXCEPTION 'an issued proposal is not taken back' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION approvals_freeze_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hung_on uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.proposal_id ELSE OLD.proposal_id END;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.name = '{GONE}' AND NEW.sha256 = OLD.sha256 AND NEW.file_id = OLD.file_id
     AND NEW.proposal_id = OLD.proposal_id AND NEW.size = OLD.size AND NEW.government_id = OLD.government_id
     AND approvals_has_gone(OLD.proposal_id, OLD.government_id) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM approvals_proposal
             WHERE id = hung_on AND state NOT IN ('draft', 'returned')) THEN
    RAISE EXCEPTION 'attachments change only in a draft' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'an attachment is replaced, never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION approvals_forget(proposals uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  town uuid := nullif(current_setting('kakehashi.government', true), '')::uuid;
  gone uuid[] := ARRAY(SELECT one FROM unnest(proposals) one WHERE approvals_has_gone(one, town));
  forgotten bigint;
BEGIN
  UPDATE approvals_proposalversion SET body = '{{}}', attachments = '[]'
    WHERE government_id = town AND proposal_id = ANY(gone);
  UPDATE approvals_opinion SET text = '{GONE}' WHERE government_id = town AND proposal_id = ANY(gone);
  UPDATE approvals_proposalattachment SET name = '{GONE}' WHERE government_id = town AND proposal_id = ANY(gone);
  UPDATE approvals_paperoriginal SET name = '{GONE}' WHERE government_id = town AND proposal_id = ANY(gone);
  UPDATE approvals_proposal SET body = '{{}}', subject = '{GONE}', notice_file_id = NULL
    WHERE government_id = town AND id = ANY(gone);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$
"""

# The functions of before are made anew by migrating 0002 back and forth; here only what is new goes.
DROP = "DROP FUNCTION IF EXISTS approvals_forget(uuid[])"


class Migration(migrations.Migration):
    """The one exception to write-once, and it needs a record file that has gone."""

    dependencies = [("approvals", "0006_consult_school"), ("records", "0003_disposals")]

    operations = [migrations.RunSQL(MAKE, DROP)]
