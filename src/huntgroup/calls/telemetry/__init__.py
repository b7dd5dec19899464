"""Where a call's spans go: OpenTelemetry, the Agents SDK's processors, and the call's own summary."""

from huntgroup.calls.telemetry.agents_sdk import AgentsSdkSink, stop_vendor_export
from huntgroup.calls.telemetry.otel import OtelSink, otlp_provider
from huntgroup.calls.telemetry.spans import CallSink, SpanRecord, TraceInfo, TraceSink

__all__ = [
    "AgentsSdkSink",
    "CallSink",
    "OtelSink",
    "SpanRecord",
    "TraceInfo",
    "TraceSink",
    "otlp_provider",
    "stop_vendor_export",
]
