from django.db import migrations

# As in 0002, and it believes only what cannot be changed: that all signed and when something last happened
# stand in the chain, while state and days are columns anybody who writes as the app may set.
FORGET = """
CREATE OR REPLACE FUNCTION portal_forget_agreement(which bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
-- Pinned, so that nobody puts a table or an operator of her own in the way.
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    about public.agreements_agreement%ROWTYPE;
    sent bigint[];
    part text;
BEGIN
    SELECT * INTO about FROM public.agreements_agreement WHERE id = which FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    sent := ARRAY(SELECT id FROM public.agreements_envelope WHERE agreement_id = which);
    IF about.state IN ('draft', 'declined') THEN
        IF EXISTS (
            SELECT 1 FROM public.agreements_signevent WHERE envelope_id = ANY(sent) AND kind = 'completed'
        ) OR EXISTS (SELECT 1 FROM public.agreements_seal WHERE envelope_id = ANY(sent)) THEN
            RAISE EXCEPTION 'an agreement everybody signed is no draft';
        END IF;
    ELSIF coalesce(about.ended_on, about.ends_on, current_date) > current_date - 365 OR EXISTS (
        SELECT 1 FROM public.agreements_signevent
        WHERE envelope_id = ANY(sent) AND at > now() - interval '365 days'
        AND kind NOT IN ('downloaded', 'verified', 'erased')
    ) THEN
        RAISE EXCEPTION 'an agreement is kept for a year at least after it is over';
    END IF;
    FOREACH part IN ARRAY ARRAY[
        'agreements_timestamp', 'agreements_seal', 'agreements_withdrawal', 'agreements_signature',
        'agreements_signevent', 'agreements_frozenasset', 'agreements_frozendocument'
    ] LOOP
        PERFORM set_config('pgtrigger.ignore', (
            SELECT coalesce(array_agg(t.tgname), '{}')::text FROM pg_trigger t
            WHERE t.tgrelid = ('public.' || part)::regclass AND NOT t.tgisinternal
        ), true);
        EXECUTE 'DELETE FROM public.' || part || CASE part
            WHEN 'agreements_timestamp' THEN
                ' WHERE seal_id IN (SELECT id FROM public.agreements_seal WHERE envelope_id = ANY($2))'
            WHEN 'agreements_withdrawal' THEN ' WHERE agreement_id = $1'
            WHEN 'agreements_signature' THEN
                ' WHERE signatory_id IN (SELECT id FROM public.agreements_signatory WHERE envelope_id = ANY($2))'
            WHEN 'agreements_frozenasset' THEN
                ' WHERE document_id IN'
                ' (SELECT id FROM public.agreements_frozendocument WHERE envelope_id = ANY($2))'
            ELSE ' WHERE envelope_id = ANY($2)'
        END USING which, sent;
    END LOOP;
    PERFORM set_config('pgtrigger.ignore', '{}', true);
    RETURN true;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0002_drafting_and_signing'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
