"""After the call: sentiment, lead score, resolution and figures, read off its facts, never on the call's path."""

from huntgroup.analytics.chat import ChatAnalyst
from huntgroup.analytics.job import AnalyticsJob
from huntgroup.analytics.ports import Analyst, AnalyticsFailed, AnalyticsStore
from huntgroup.analytics.rules import RulesAnalyst

__all__ = ["Analyst", "AnalyticsFailed", "AnalyticsJob", "AnalyticsStore", "ChatAnalyst", "RulesAnalyst"]
