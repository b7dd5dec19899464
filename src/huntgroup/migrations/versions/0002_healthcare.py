"""The clinic's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema if not exists healthcare_voice")
    op.execute("create extension if not exists btree_gist")
    op.create_table(
        "practices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("emergency_number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
        sa.UniqueConstraint("name", name=op.f("uq_practices_name")),
        schema="healthcare_voice",
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("floor", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_departments_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("practice_id", "name", name=op.f("uq_departments_practice_id_name")),
        schema="healthcare_voice",
    )
    op.create_table(
        "holidays",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_holidays_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("practice_id", "day", name=op.f("uq_holidays_practice_id_day")),
        schema="healthcare_voice",
    )
    op.create_table(
        "insurance_plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_insurance_plans_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_plans")),
        sa.UniqueConstraint("practice_id", "payer", "name", name=op.f("uq_insurance_plans_practice_id_payer_name")),
        schema="healthcare_voice",
    )
    op.create_table(
        "office_hours",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_office_hours_both_or_neither")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_office_hours_weekday_range")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_office_hours_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
        sa.UniqueConstraint("practice_id", "weekday", name=op.f("uq_office_hours_practice_id_weekday")),
        schema="healthcare_voice",
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("mrn", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("first_key", sa.String(), nullable=False),
        sa.Column("last_key", sa.String(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("phone_mobile", sa.String(length=10), nullable=True),
        sa.Column("phone_home", sa.String(length=10), nullable=True),
        sa.Column("phone_work", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("allergies", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("medications", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("conditions", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("consent_treatment", sa.Boolean(), nullable=False),
        sa.Column("consent_sms", sa.Boolean(), nullable=False),
        sa.Column("consent_recording", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_patients_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("practice_id", "first_key", "last_key", "date_of_birth", name="uq_patients_identity"),
        sa.UniqueConstraint("practice_id", "mrn", name=op.f("uq_patients_practice_id_mrn")),
        schema="healthcare_voice",
    )
    op.create_index("ix_patients_phone_home", "patients", ["phone_home"], unique=False, schema="healthcare_voice")
    op.create_index("ix_patients_phone_mobile", "patients", ["phone_mobile"], unique=False, schema="healthcare_voice")
    op.create_index("ix_patients_phone_work", "patients", ["phone_work"], unique=False, schema="healthcare_voice")
    op.create_table(
        "service_categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_service_categories_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_categories")),
        sa.UniqueConstraint("practice_id", "name", name=op.f("uq_service_categories_practice_id_name")),
        schema="healthcare_voice",
    )
    op.create_table(
        "callback_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('open', 'done', 'unreachable')", name=op.f("ck_callback_requests_status_known")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_callback_requests_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_requests")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_callback_requests_call_id"),
        "callback_requests",
        ["call_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "nurse_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("callback_phone", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('open', 'answered', 'closed')", name=op.f("ck_nurse_messages_status_known")),
        sa.CheckConstraint("urgency IN ('routine', 'today', 'urgent')", name=op.f("ck_nurse_messages_urgency_known")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_nurse_messages_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nurse_messages")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_nurse_messages_patient_id"),
        "nurse_messages",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "patient_insurance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("group_number", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("verification_status", sa.String(), nullable=False),
        sa.CheckConstraint(
            "verification_status IN ('verified', 'pending', 'expired', 'rejected')",
            name=op.f("ck_patient_insurance_verification_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_patient_insurance_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["healthcare_voice.insurance_plans.id"], name=op.f("fk_patient_insurance_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_insurance")),
        sa.UniqueConstraint("patient_id", "position", name=op.f("uq_patient_insurance_patient_id_position")),
        schema="healthcare_voice",
    )
    op.create_table(
        "providers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("credentials", sa.String(), nullable=False),
        sa.Column("npi", sa.String(length=10), nullable=False),
        sa.Column("specialization", sa.String(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("accepting_new_patients", sa.Boolean(), nullable=False),
        sa.Column("telehealth", sa.Boolean(), nullable=False),
        sa.Column("default_duration_min", sa.Integer(), nullable=False),
        sa.Column("buffer_min", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("default_duration_min > 0 AND buffer_min >= 0", name=op.f("ck_providers_times_positive")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["healthcare_voice.departments.id"], name=op.f("fk_providers_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["healthcare_voice.practices.id"], name=op.f("fk_providers_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_providers")),
        sa.UniqueConstraint("practice_id", "npi", name=op.f("uq_providers_practice_id_npi")),
        schema="healthcare_voice",
    )
    op.create_table(
        "services",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code_system", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("appointment_type", sa.String(), nullable=False),
        sa.CheckConstraint("code_system IN ('CPT', 'CDT')", name=op.f("ck_services_code_system_known")),
        sa.CheckConstraint("duration_min > 0 AND price >= 0", name=op.f("ck_services_amounts_positive")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["healthcare_voice.service_categories.id"], name=op.f("fk_services_category_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("category_id", "name", name=op.f("uq_services_category_id_name")),
        schema="healthcare_voice",
    )
    op.create_table(
        "triage_assessments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("symptoms", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("duration_days", sa.Integer(), nullable=True),
        sa.Column("danger_signs", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "disposition IN ('emergency', 'same_day', 'appointment', 'nurse_call')",
            name=op.f("ck_triage_assessments_disposition_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_triage_assessments_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_assessments")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_triage_assessments_patient_id"),
        "triage_assessments",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("appointment_type", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occupied_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("booked_by", sa.String(), nullable=False),
        sa.Column("booked_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("patient_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at, '[)')"), "&&"),
            where=sa.text("status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress')"),
            using="gist",
            name="appointments_one_per_patient",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("provider_id"), "="),
            (sa.text("tstzrange(starts_at, occupied_until, '[)')"), "&&"),
            where=sa.text("status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress')"),
            using="gist",
            name="appointments_one_per_provider",
        ),
        sa.CheckConstraint(
            "appointment_type IN ('new_patient', 'follow_up', 'routine_checkup', 'emergency', 'consultation', 'procedure', 'telehealth')",
            name=op.f("ck_appointments_appointment_type_known"),
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show', 'rescheduled')",
            name=op.f("ck_appointments_status_known"),
        ),
        sa.CheckConstraint(
            "starts_at < ends_at AND ends_at <= occupied_until", name=op.f("ck_appointments_times_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_appointments_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_appointments_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["healthcare_voice.appointments.id"], name=op.f("fk_appointments_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["healthcare_voice.services.id"], name=op.f("fk_appointments_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("booked_key", name=op.f("uq_appointments_booked_key")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_appointments_replaces_id")),
        schema="healthcare_voice",
    )
    op.create_index(
        "ix_appointments_patient_id_starts_at",
        "appointments",
        ["patient_id", "starts_at"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_index(
        "ix_appointments_provider_id_starts_at",
        "appointments",
        ["provider_id", "starts_at"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "medical_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('visit', 'lab_result', 'imaging', 'immunization', 'allergy', 'note')",
            name=op.f("ck_medical_records_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_medical_records_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_medical_records_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medical_records")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_medical_records_patient_id"),
        "medical_records",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "prescriptions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("medication", sa.String(), nullable=False),
        sa.Column("dose", sa.String(), nullable=False),
        sa.Column("directions", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("prescribed_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("refills_left", sa.Integer(), nullable=False),
        sa.Column("controlled", sa.Boolean(), nullable=False),
        sa.Column("pharmacy", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'completed', 'stopped')", name=op.f("ck_prescriptions_status_known")),
        sa.CheckConstraint("refills_left >= 0", name=op.f("ck_prescriptions_refills_not_negative")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_prescriptions_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_prescriptions_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescriptions")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_prescriptions_patient_id"),
        "prescriptions",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "provider_schedules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_provider_schedules_starts_before_ends")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_provider_schedules_weekday_range")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_provider_schedules_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_schedules")),
        sa.UniqueConstraint(
            "provider_id", "weekday", "starts", name=op.f("uq_provider_schedules_provider_id_weekday_starts")
        ),
        schema="healthcare_voice",
    )
    op.create_table(
        "provider_services",
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_provider_services_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["healthcare_voice.services.id"], name=op.f("fk_provider_services_service_id")
        ),
        sa.PrimaryKeyConstraint("provider_id", "service_id", name=op.f("pk_provider_services")),
        schema="healthcare_voice",
    )
    op.create_table(
        "provider_time_off",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_provider_time_off_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_provider_time_off_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_time_off")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_provider_time_off_provider_id"),
        "provider_time_off",
        ["provider_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "waitlist",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("wanted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_waitlist_patient_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["healthcare_voice.providers.id"], name=op.f("fk_waitlist_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_waitlist_patient_id"),
        "waitlist",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "appointment_reminders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('sms', 'email', 'call')", name=op.f("ck_appointment_reminders_channel_known")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["healthcare_voice.appointments.id"],
            name=op.f("fk_appointment_reminders_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_reminders")),
        sa.UniqueConstraint(
            "appointment_id",
            "channel",
            "due_at",
            name=op.f("uq_appointment_reminders_appointment_id_channel_due_at"),
        ),
        schema="healthcare_voice",
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'paid', 'void', 'insurance')", name=op.f("ck_invoices_status_known")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_invoices_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["healthcare_voice.appointments.id"], name=op.f("fk_invoices_appointment_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_invoices_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_invoices_patient_id"),
        "invoices",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "refill_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('requested', 'needs_approval', 'approved', 'denied', 'filled')",
            name=op.f("ck_refill_requests_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["healthcare_voice.patients.id"], name=op.f("fk_refill_requests_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["prescription_id"],
            ["healthcare_voice.prescriptions.id"],
            name=op.f("fk_refill_requests_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refill_requests")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_refill_requests_patient_id"),
        "refill_requests",
        ["patient_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_refill_requests_prescription_id"),
        "refill_requests",
        ["prescription_id"],
        unique=False,
        schema="healthcare_voice",
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.CheckConstraint("method IN ('card', 'cash', 'check', 'insurance')", name=op.f("ck_payments_method_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount_positive")),
        sa.ForeignKeyConstraint(["invoice_id"], ["healthcare_voice.invoices.id"], name=op.f("fk_payments_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        schema="healthcare_voice",
    )
    op.create_index(
        op.f("ix_healthcare_voice_payments_invoice_id"),
        "payments",
        ["invoice_id"],
        unique=False,
        schema="healthcare_voice",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_healthcare_voice_payments_invoice_id"), table_name="payments", schema="healthcare_voice")
    op.drop_table("payments", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_refill_requests_prescription_id"),
        table_name="refill_requests",
        schema="healthcare_voice",
    )
    op.drop_index(
        op.f("ix_healthcare_voice_refill_requests_patient_id"),
        table_name="refill_requests",
        schema="healthcare_voice",
    )
    op.drop_table("refill_requests", schema="healthcare_voice")
    op.drop_index(op.f("ix_healthcare_voice_invoices_patient_id"), table_name="invoices", schema="healthcare_voice")
    op.drop_table("invoices", schema="healthcare_voice")
    op.drop_table("appointment_reminders", schema="healthcare_voice")
    op.drop_index(op.f("ix_healthcare_voice_waitlist_patient_id"), table_name="waitlist", schema="healthcare_voice")
    op.drop_table("waitlist", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_provider_time_off_provider_id"),
        table_name="provider_time_off",
        schema="healthcare_voice",
    )
    op.drop_table("provider_time_off", schema="healthcare_voice")
    op.drop_table("provider_services", schema="healthcare_voice")
    op.drop_table("provider_schedules", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_prescriptions_patient_id"),
        table_name="prescriptions",
        schema="healthcare_voice",
    )
    op.drop_table("prescriptions", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_medical_records_patient_id"),
        table_name="medical_records",
        schema="healthcare_voice",
    )
    op.drop_table("medical_records", schema="healthcare_voice")
    op.drop_index("ix_appointments_provider_id_starts_at", table_name="appointments", schema="healthcare_voice")
    op.drop_index("ix_appointments_patient_id_starts_at", table_name="appointments", schema="healthcare_voice")
    op.drop_table("appointments", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_triage_assessments_patient_id"),
        table_name="triage_assessments",
        schema="healthcare_voice",
    )
    op.drop_table("triage_assessments", schema="healthcare_voice")
    op.drop_table("services", schema="healthcare_voice")
    op.drop_table("providers", schema="healthcare_voice")
    op.drop_table("patient_insurance", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_nurse_messages_patient_id"),
        table_name="nurse_messages",
        schema="healthcare_voice",
    )
    op.drop_table("nurse_messages", schema="healthcare_voice")
    op.drop_index(
        op.f("ix_healthcare_voice_callback_requests_call_id"),
        table_name="callback_requests",
        schema="healthcare_voice",
    )
    op.drop_table("callback_requests", schema="healthcare_voice")
    op.drop_table("service_categories", schema="healthcare_voice")
    op.drop_index("ix_patients_phone_work", table_name="patients", schema="healthcare_voice")
    op.drop_index("ix_patients_phone_mobile", table_name="patients", schema="healthcare_voice")
    op.drop_index("ix_patients_phone_home", table_name="patients", schema="healthcare_voice")
    op.drop_table("patients", schema="healthcare_voice")
    op.drop_table("office_hours", schema="healthcare_voice")
    op.drop_table("insurance_plans", schema="healthcare_voice")
    op.drop_table("holidays", schema="healthcare_voice")
    op.drop_table("departments", schema="healthcare_voice")
    op.drop_table("practices", schema="healthcare_voice")
    op.execute("drop schema healthcare_voice")
