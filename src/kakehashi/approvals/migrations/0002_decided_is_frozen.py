"""What is decided is write-once: the database itself refuses to change it, whoever asks."""

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION approvals_freeze_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.submitted_at IS NOT NULL THEN
      RAISE EXCEPTION 'a submitted proposal is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state IN ('decided', 'issued', 'no_issue_needed', 'completed', 'filed')
     AND (NEW.body IS DISTINCT FROM OLD.body OR NEW.digest IS DISTINCT FROM OLD.digest
          OR NEW.subject IS DISTINCT FROM OLD.subject OR NEW.rule_id IS DISTINCT FROM OLD.rule_id
          OR NEW.clause IS DISTINCT FROM OLD.clause OR NEW.number IS DISTINCT FROM OLD.number
          OR NEW.government_id IS DISTINCT FROM OLD.government_id) THEN
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

CREATE TRIGGER approvals_freeze_proposal BEFORE UPDATE OR DELETE ON approvals_proposal
  FOR EACH ROW EXECUTE FUNCTION approvals_freeze_proposal();
CREATE TRIGGER approvals_freeze_attachment BEFORE INSERT OR UPDATE OR DELETE ON approvals_proposalattachment
  FOR EACH ROW EXECUTE FUNCTION approvals_freeze_attachment();
"""

THAW = """
DROP TRIGGER IF EXISTS approvals_freeze_attachment ON approvals_proposalattachment;
DROP TRIGGER IF EXISTS approvals_freeze_proposal ON approvals_proposal;
DROP FUNCTION IF EXISTS approvals_freeze_attachment();
DROP FUNCTION IF EXISTS approvals_freeze_proposal();
"""


class Migration(migrations.Migration):
    """Triggers on the proposal and its attachments."""

    dependencies = [("approvals", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
