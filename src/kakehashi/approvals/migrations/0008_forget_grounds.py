"""The words given as grounds go with the record file too: why on paper, why another route, why anew, why for an absent decider."""

from django.db import migrations, models

GONE = "（廃棄・移管済み）"

MAKE = f"""
CREATE OR REPLACE FUNCTION approvals_forget(proposals uuid[]) RETURNS bigint
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
  UPDATE approvals_proposalstep SET exception_reason = '{GONE}'
    WHERE government_id = town AND proposal_id = ANY(gone) AND exception_reason <> '';
  UPDATE approvals_proposal SET body = '{{}}', subject = '{GONE}', notice_file_id = NULL,
      paper_route_reason = CASE WHEN paper_route_reason = '' THEN '' ELSE '{GONE}' END,
      redraft_reason = CASE WHEN redraft_reason = '' THEN '' ELSE '{GONE}' END,
      route_edit = CASE WHEN route_edit ? 'reason' THEN jsonb_set(route_edit, '{{reason}}', '"{GONE}"') ELSE route_edit END
    WHERE government_id = town AND id = ANY(gone);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$
"""


class Migration(migrations.Migration):
    """A better body of the one function that forgets; the choices of an opinion's kind get one more word."""

    dependencies = [("approvals", "0007_forget_destroyed")]

    operations = [
        migrations.AlterField(
            model_name="opinion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opinion", "意見"),
                    ("return", "差戻しの理由"),
                    ("recall", "引戻しの理由"),
                    ("reject", "否決の理由"),
                    ("withdraw", "取下げの理由"),
                    ("dissent", "不同意の理由"),
                    ("exception", "代決の例外の理由"),
                    ("post_review", "後閲の所見"),
                    ("branch", "枝番で出す理由"),
                ],
                default="opinion",
                max_length=20,
            ),
        ),
        # The function of before keeps the same promise for the columns of before: nothing to take back.
        migrations.RunSQL(MAKE, migrations.RunSQL.noop),
    ]
