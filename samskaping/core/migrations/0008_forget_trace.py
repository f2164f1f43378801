"""The one route past append-only: old traces of one municipality, counted in a new one (docs/adr/0028)."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION portal_forget_trace(town bigint, before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
-- Pinned, so that nobody puts a table or an operator of her own in the way.
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    traces regclass;
    some_rows bigint;
    gone bigint := 0;
BEGIN
    -- What happened lately cannot be made to have not happened, whoever asks.
    IF before > clock_timestamp() - interval '1 year' THEN
        RAISE EXCEPTION 'a trace is kept for a year at least';
    END IF;
    FOR traces IN
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND (c.relname = 'core_auditevent' OR EXISTS (
            SELECT 1 FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'pgh_created_at' AND NOT a.attisdropped))
    LOOP
        PERFORM set_config('pgtrigger.ignore', (
            SELECT array_agg(t.tgname)::text FROM pg_trigger t WHERE t.tgrelid = traces AND NOT t.tgisinternal
        ), true);
        EXECUTE format(
            'DELETE FROM %s WHERE municipality_id IS NOT DISTINCT FROM $1 AND %I < $2', traces,
            CASE WHEN traces = 'public.core_auditevent'::regclass THEN 'at' ELSE 'pgh_created_at' END
        ) USING town, before;
        GET DIAGNOSTICS some_rows = ROW_COUNT;
        gone := gone + some_rows;
    END LOOP;
    PERFORM set_config('pgtrigger.ignore', '{}', true);
    IF gone > 0 THEN
        INSERT INTO core_auditevent (on_behalf_of, municipality_id, verb, object_type, object_id, data, request_id)
        VALUES ('', town, 'trace_forgotten', '', '',
                jsonb_build_object('count', gone, 'before', before::date), '');
    END IF;
    RETURN gone;
END
$$
"""
ONLY_OURS = "REVOKE ALL ON FUNCTION portal_forget_trace(bigint, timestamptz) FROM PUBLIC"


class Migration(migrations.Migration):
    dependencies = [("core", "0007_restore")]

    operations = [
        migrations.RunSQL([FUNCTION, ONLY_OURS], "DROP FUNCTION portal_forget_trace(bigint, timestamptz)"),
    ]
