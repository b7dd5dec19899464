"""The clinic's own schema, `healthcare_voice`, as SQLAlchemy models."""

from huntgroup.verticals.healthcare.tables.base import ACTIVE_STATUSES, SCHEMA, Base
from huntgroup.verticals.healthcare.tables.billing import Invoice, Payment
from huntgroup.verticals.healthcare.tables.clinical import (
    MedicalRecord,
    NurseMessage,
    Prescription,
    RefillRequest,
    TriageAssessment,
)
from huntgroup.verticals.healthcare.tables.desk import CallbackRequest
from huntgroup.verticals.healthcare.tables.patients import InsurancePlan, Patient, PatientInsurance
from huntgroup.verticals.healthcare.tables.practice import (
    Department,
    Holiday,
    OfficeHours,
    Practice,
    Provider,
    ProviderSchedule,
    ProviderService,
    ProviderTimeOff,
    Service,
    ServiceCategory,
)
from huntgroup.verticals.healthcare.tables.scheduling import Appointment, AppointmentReminder, WaitlistEntry

__all__ = [
    "ACTIVE_STATUSES",
    "SCHEMA",
    "Appointment",
    "AppointmentReminder",
    "Base",
    "CallbackRequest",
    "Department",
    "Holiday",
    "InsurancePlan",
    "Invoice",
    "MedicalRecord",
    "NurseMessage",
    "OfficeHours",
    "Patient",
    "PatientInsurance",
    "Payment",
    "Practice",
    "Prescription",
    "Provider",
    "ProviderSchedule",
    "ProviderService",
    "ProviderTimeOff",
    "RefillRequest",
    "Service",
    "ServiceCategory",
    "TriageAssessment",
    "WaitlistEntry",
]
