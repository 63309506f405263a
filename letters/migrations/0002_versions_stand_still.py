"""A version is what people signed: the database itself refuses to change or to remove one whose letter stands."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION letters_version_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a letter is never updated' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER version_stands_still BEFORE UPDATE ON letters_version
    FOR EACH ROW EXECUTE FUNCTION letters_version_stands_still();
"""
BACKWARD = """
DROP TRIGGER version_stands_still ON letters_version;
DROP FUNCTION letters_version_stands_still();
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
