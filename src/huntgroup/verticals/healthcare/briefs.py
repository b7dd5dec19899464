"""What the two agents of the clinic tell each other when the call changes hands."""

from typing import Literal

from pydantic import Field

from huntgroup.teams import Brief


class ClinicalBrief(Brief):
    """What the front desk tells the clinical specialist."""

    question: str = Field(description="The caller's clinical question or need, in the caller's words.")
    patient_name: str | None = Field(default=None, description="The verified patient's name, if known.")
    reason: str | None = Field(default=None, description="Why the call is handed over, if it is not plain.")
    verified: bool = Field(default=False, description="True when the caller was verified as a patient.")


class ClinicalResult(Brief):
    """Tell what was asked, what came of it and what must follow.

    Examples:
        thank you, that answers my question
        that was all about my medication
        no, nothing else about my health
        when is my next appointment
        I'd like to book an appointment
        can I move my appointment
        what are your office hours
        how much does a visit cost
        which doctors do you have
        back to the front desk, please
        thanks, that's all, goodbye
    """

    question: str = Field(default="", description="What was asked.")
    disposition: Literal[
        "answered",
        "refill_requested",
        "nurse_message_sent",
        "appointment_needed",
        "emergency",
        "not_answered",
    ] = Field(default="answered", description="What came of it.")
    follow_up: str = Field(default="", description="What the front desk should do next; empty when nothing.")
