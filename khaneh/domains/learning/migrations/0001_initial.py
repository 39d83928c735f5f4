"""Courses, their runs, who is in them, certificates, and what the staff is asked to be trained in.

Protects: no more people in a run than it has seats (each has a numbered one, no two the same, none beyond the capacity, which does not fall
below what is taken); nobody twice in one run; runs and enrolments take only the steps of their life; enrolments and certificates are never
deleted; a certificate that was taken back says why. Locks nothing that exists. Fails where btree_gist is missing (migration 0001 of spaces
makes it).
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

# Seats: one that is beyond the capacity is nobody's; the run is held, so that it cannot shrink at the same moment.
SEATS = """
CREATE FUNCTION learning_enrolment_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most smallint;
BEGIN
    IF NEW.seat IS NOT NULL THEN
        SELECT capacity INTO most FROM learning_run WHERE id = NEW.run_id FOR SHARE;
        IF NEW.seat > most THEN
            RAISE EXCEPTION 'run % has no seat %', NEW.run_id, NEW.seat
                USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_enrolment_seat_exists';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.run_id <> OLD.run_id OR NEW.party_id <> OLD.party_id) THEN
        RAISE EXCEPTION 'enrolment % stays in its run', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_enrolment_stays';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'requested' THEN NEW.state IN ('waiting', 'enrolled', 'refused', 'withdrawn', 'cancelled')
        WHEN 'waiting' THEN NEW.state IN ('offered', 'refused', 'withdrawn', 'cancelled')
        WHEN 'offered' THEN NEW.state IN ('enrolled', 'waiting', 'refused', 'withdrawn', 'cancelled')
        WHEN 'enrolled' THEN NEW.state IN ('completed', 'failed', 'no_show', 'withdrawn', 'cancelled')
        ELSE false END) THEN
        RAISE EXCEPTION 'an enrolment does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_enrolment_steps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER learning_enrolment_fits BEFORE INSERT OR UPDATE ON learning_enrolment
    FOR EACH ROW EXECUTE FUNCTION learning_enrolment_fits();
"""

RUNS = """
CREATE FUNCTION learning_run_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.capacity < OLD.capacity
        AND EXISTS (SELECT FROM learning_enrolment WHERE run_id = NEW.id AND seat > NEW.capacity) THEN
        RAISE EXCEPTION 'run % has more seats in use', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_run_capacity_in_use';
    END IF;
    IF NEW.course_id <> OLD.course_id OR NEW.house_id <> OLD.house_id THEN
        RAISE EXCEPTION 'run % stays what it is', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_run_stays';
    END IF;
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'planned' THEN NEW.state IN ('open', 'cancelled')
        WHEN 'open' THEN NEW.state IN ('running', 'finished', 'cancelled')
        WHEN 'running' THEN NEW.state IN ('finished', 'cancelled')
        ELSE false END) THEN
        RAISE EXCEPTION 'a run does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_run_steps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER learning_run_changes BEFORE UPDATE ON learning_run FOR EACH ROW EXECUTE FUNCTION learning_run_changes();

CREATE FUNCTION learning_meeting_span() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE run bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.run_id ELSE NEW.run_id END;
BEGIN
    UPDATE learning_run SET (starts, ends) = (SELECT min(m.starts), max(m.ends) FROM learning_meeting m WHERE m.run_id = run)
    WHERE id = run;
    RETURN NULL;
END $$;
CREATE TRIGGER learning_meeting_span AFTER INSERT OR UPDATE OF starts, ends OR DELETE ON learning_meeting
    FOR EACH ROW EXECUTE FUNCTION learning_meeting_span();
"""

KEPT = """
CREATE FUNCTION learning_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER learning_enrolment_no_delete BEFORE DELETE ON learning_enrolment FOR EACH ROW EXECUTE FUNCTION learning_never();
CREATE TRIGGER learning_certificate_no_delete BEFORE DELETE ON learning_certificate FOR EACH ROW EXECUTE FUNCTION learning_never();
CREATE TRIGGER learning_certificate_as_given BEFORE UPDATE ON learning_certificate FOR EACH ROW
    WHEN ((OLD.key, OLD.enrolment_id, OLD.course_code, OLD.course_names, OLD.hours, OLD.score, OLD.issued_at)
          IS DISTINCT FROM (NEW.key, NEW.enrolment_id, NEW.course_code, NEW.course_names, NEW.hours, NEW.score, NEW.issued_at)
          OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at))
    EXECUTE FUNCTION learning_never();
"""

UNDO = "DROP FUNCTION learning_enrolment_fits, learning_run_changes, learning_meeting_span, learning_never CASCADE"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_seasons"),
        ("qualifications", "0001_initial"),
        ("spaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="Meeting",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.SmallIntegerField()),
                    ("starts", models.DateTimeField()),
                    ("ends", models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name="SigningKey",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("thumbprint", models.TextField(unique=True)),
                    ("public", models.JSONField()),
                    ("sealed", models.BinaryField()),
                    ("made_at", models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name="Course",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.TextField(unique=True)),
                    ("kind", models.TextField()),
                    ("names", models.JSONField(default=dict)),
                    ("descriptions", models.JSONField(default=dict)),
                    ("search_key", models.TextField(blank=True, default="")),
                    ("hours", models.SmallIntegerField(default=0)),
                    ("pass_mark", models.SmallIntegerField(null=True)),
                    ("attendance", models.SmallIntegerField(default=80)),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.TextField(blank=True, default="")),
                    ("approval", models.BooleanField(default=False)),
                    ("state", models.TextField(default="draft")),
                    ("changed_at", models.DateTimeField()),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["workshop", "course", "assessment", "staff_training"])),
                            name="learning_course_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["draft", "published", "retired"])),
                            name="learning_course_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("house__isnull", True), ("organisation__isnull", False)),
                                models.Q(("house__isnull", False), ("organisation__isnull", True)),
                                _connector="OR",
                            ),
                            name="learning_course_one_giver",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("attendance__range", (0, 100)),
                                ("hours__range", (0, 10000)),
                                models.Q(("pass_mark__isnull", True), ("pass_mark__range", (0, 100)), _connector="OR"),
                            ),
                            name="learning_course_numbers",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("price_amount__isnull", True), ("price_currency", "")),
                                models.Q(
                                    ("price_amount__gte", 0),
                                    ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$"),
                                ),
                                _connector="OR",
                            ),
                            name="learning_course_price",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CourseAward",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="awards", to="learning.course"
                        ),
                    ),
                    (
                        "qualification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="qualifications.qualification",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("course", "qualification"), name="learning_courseaward_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CourseRequirement",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="requirements",
                            to="learning.course",
                        ),
                    ),
                    (
                        "qualification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="qualifications.qualification",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("course", "qualification"), name="learning_courserequirement_once"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Enrolment",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField()),
                    ("seat", models.SmallIntegerField(null=True)),
                    ("code", models.TextField(blank=True, default="")),
                    ("decision_id", models.BigIntegerField(null=True)),
                    ("terms", models.JSONField(default=dict)),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.TextField(blank=True, default="")),
                    ("enrolled_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("end_reason", models.TextField(blank=True, default="")),
                    ("reason", models.TextField(blank=True, default="")),
                    ("changed_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Material",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("names", models.JSONField(default=dict)),
                    ("url", models.TextField(blank=True, default="")),
                    ("digest", models.CharField(blank=True, default="", max_length=64)),
                    ("media_type", models.TextField(blank=True, default="")),
                    ("size", models.BigIntegerField(default=0)),
                    ("public", models.BooleanField(default=False)),
                    ("added_at", models.DateTimeField()),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="materials", to="learning.course"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("url", ""), models.Q(("digest", ""), _negated=True)),
                                models.Q(models.Q(("url", ""), _negated=True), ("digest", "")),
                                _connector="OR",
                            ),
                            name="learning_material_link_or_file",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Attendance",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("means", models.TextField()),
                    ("at", models.DateTimeField()),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "enrolment",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="attendances",
                            to="learning.enrolment",
                        ),
                    ),
                    (
                        "meeting",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="attendances",
                            to="learning.meeting",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("meeting", "enrolment"), name="learning_attendance_once"),
                        models.CheckConstraint(
                            condition=models.Q(("means__in", ["card", "code", "hand"])),
                            name="learning_attendance_means",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MeetingPlace",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "booking",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="spaces.booking"
                        ),
                    ),
                    (
                        "meeting",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="places", to="learning.meeting"
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Party",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("joined_at", models.DateTimeField()),
                    ("answer_by", models.DateTimeField(null=True)),
                    ("missed", models.SmallIntegerField(default=0)),
                    ("channel", models.TextField(default="web")),
                    ("override", models.JSONField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                ],
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="learning.party"
            ),
        ),
        Tables(
            migrations.CreateModel(
                name="Result",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("score", models.SmallIntegerField(null=True)),
                    ("passed", models.BooleanField()),
                    ("note", models.TextField(blank=True, default="")),
                    ("at", models.DateTimeField()),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "enrolment",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="results", to="learning.enrolment"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("score__isnull", True), ("score__range", (0, 100)), _connector="OR"),
                            name="learning_result_score",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Run",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("capacity", models.SmallIntegerField()),
                    ("least", models.SmallIntegerField(default=1)),
                    ("state", models.TextField(default="planned")),
                    ("starts", models.DateTimeField(editable=False, null=True)),
                    ("ends", models.DateTimeField(editable=False, null=True)),
                    ("enrol_until", models.DateTimeField(null=True)),
                    ("online", models.TextField(blank=True, default="")),
                    ("notes", models.JSONField(default=dict)),
                    ("planned_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("changed_at", models.DateTimeField()),
                    (
                        "course",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="learning.course"
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "planned_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["house", "starts"], name="learning_run_of_house"),
                        models.Index(
                            condition=models.Q(("state__in", ["open", "running"])),
                            fields=["starts"],
                            name="learning_run_live",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["planned", "open", "running", "finished", "cancelled"])),
                            name="learning_run_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("capacity__range", (1, 10000)), ("least__gte", 0), ("least__lte", models.F("capacity"))
                            ),
                            name="learning_run_seats",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at__isnull", False), ("state__in", ["finished", "cancelled"])),
                                models.Q(
                                    models.Q(("state__in", ["finished", "cancelled"]), _negated=True),
                                    ("ended_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="learning_run_end",
                        ),
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="learning.run"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="learning.run"
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrolments",
                to="learning.run",
            ),
        ),
        Tables(
            migrations.CreateModel(
                name="RunTeacher",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "run",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="teachers", to="learning.run"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("run", "account"), name="learning_runteacher_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Certificate",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("key", models.TextField(unique=True)),
                    ("holder", models.TextField(blank=True, default="")),
                    ("course_code", models.TextField()),
                    ("course_names", models.JSONField()),
                    ("kind", models.TextField()),
                    ("hours", models.SmallIntegerField(default=0)),
                    ("score", models.SmallIntegerField(null=True)),
                    ("awards", models.JSONField(default=list)),
                    ("token", models.TextField(blank=True, default="")),
                    ("issued_at", models.DateTimeField()),
                    ("revoked_at", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("erased_at", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.house",
                        ),
                    ),
                    (
                        "issued_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "enrolment",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="certificate",
                            to="learning.enrolment",
                        ),
                    ),
                    (
                        "signed_with",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="learning.signingkey",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["workshop", "course", "assessment", "staff_training"])),
                            name="learning_certificate_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("revoked_at__isnull", True),
                                models.Q(("reason", ""), _negated=True),
                                ("erased_at__isnull", False),
                                _connector="OR",
                            ),
                            name="learning_certificate_revoked_why",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("account__isnull", True),
                                    ("erased_at__isnull", False),
                                    ("holder", ""),
                                    ("token", ""),
                                ),
                                models.Q(("erased_at__isnull", True), models.Q(("holder", ""), _negated=True)),
                                _connector="OR",
                            ),
                            name="learning_certificate_erased",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StaffRequirement",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                    (
                        "house_kinds",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("due_on", models.DateField(null=True)),
                    ("grace_days", models.SmallIntegerField(default=90)),
                    ("since", models.DateTimeField()),
                    ("until", models.DateTimeField(null=True)),
                    (
                        "made_by",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "qualification",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="qualifications.qualification",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.region",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "roles__contained_by",
                                    [
                                        "administrator",
                                        "house_manager",
                                        "librarian",
                                        "cataloguer",
                                        "circulation",
                                        "courier",
                                        "programme_manager",
                                        "trainer",
                                        "broker",
                                        "reviewer",
                                        "council_member",
                                    ],
                                ),
                                ("roles__len__gte", 1),
                            ),
                            name="learning_staffrequirement_roles",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "house_kinds__contained_by",
                                    [
                                        "central_library",
                                        "district_library",
                                        "commune_library",
                                        "bookmobile",
                                        "bookless_library",
                                        "innovation_centre",
                                        "creative_house",
                                        "technical_centre",
                                        "incubator",
                                        "accelerator",
                                        "science_park",
                                        "skill_complex",
                                    ],
                                )
                            ),
                            name="learning_staffrequirement_kinds",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("grace_days__range", (0, 3660))), name="learning_staffrequirement_grace"
                        ),
                    ],
                },
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("answer_by__isnull", False)), fields=["answer_by"], name="learning_party_offers"
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["web", "desk", "api", "system"])), name="learning_party_channel"
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["starts"], name="learning_meeting_when"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="learning_meeting_number"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))), name="learning_meeting_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("run", "="),
                    (
                        models.Func(
                            models.F("starts"),
                            models.F("ends"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="learning_meeting_apart",
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["run", "state"], name="learning_enrolment_of_run"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("account__isnull", False)),
                fields=["account", "state"],
                name="learning_enrolment_of_account",
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("state", "completed")), fields=["finished_at"], name="learning_enrolment_finished"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "requested",
                            "waiting",
                            "offered",
                            "enrolled",
                            "completed",
                            "failed",
                            "no_show",
                            "withdrawn",
                            "refused",
                            "cancelled",
                        ],
                    )
                ),
                name="learning_enrolment_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("seat__gte", 1), ("state__in", ["offered", "enrolled", "completed", "failed", "no_show"])
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["offered", "enrolled", "completed", "failed", "no_show"]), _negated=True
                        ),
                        ("seat__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="learning_enrolment_seated",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("seat__isnull", False)), fields=("run", "seat"), name="learning_enrolment_one_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("account__isnull", False),
                    models.Q(("state__in", ["withdrawn", "refused", "cancelled"]), _negated=True),
                ),
                fields=("run", "account"),
                name="learning_enrolment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True), fields=("code",), name="learning_enrolment_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("end_reason__in", ["learner", "staff", "offer_lapsed", "started", "erased"]),
                        ("state__in", ["withdrawn", "refused"]),
                    ),
                    models.Q(models.Q(("state__in", ["withdrawn", "refused"]), _negated=True), ("end_reason", "")),
                    _connector="OR",
                ),
                name="learning_enrolment_end_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_amount__isnull", True), ("price_currency", "")),
                    models.Q(("price_amount__gte", 0), ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$")),
                    _connector="OR",
                ),
                name="learning_enrolment_price",
            ),
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (SEATS, RUNS)),
        migrations.RunSQL(KEPT, UNDO),
    ]
