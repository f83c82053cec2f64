"""The sections of the secretariat's desk, in the order of a round. A section's modules are loaded when it is shown."""

from __future__ import annotations

from qisp_desktop.base.i18n import N_
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionKind, SectionView
from qisp_desktop.gui.secretariat.session import RoundSession


def _overview(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.overview.presenter import OverviewPresenter

    return OverviewPresenter(session)


def _overview_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.overview.view import OverviewView

    return OverviewView(shell, presenter)


def _applications(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.applications.presenter import ApplicationsPresenter

    return ApplicationsPresenter(session)


def _applications_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.applications.view import ApplicationsView

    return ApplicationsView(shell, presenter)


def _screening(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.screening.presenter import ScreeningPresenter

    return ScreeningPresenter(session)


def _screening_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.screening.view import ScreeningView

    return ScreeningView(shell, presenter)


def _experts(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter

    return ExpertsPresenter(session)


def _experts_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.experts.view import ExpertsView

    return ExpertsView(shell, presenter)


def _issuing(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.issuing.presenter import IssuingPresenter

    return IssuingPresenter(session)


def _issuing_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.issuing.view import IssuingView

    return IssuingView(shell, presenter)


def _collecting(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter

    return CollectingPresenter(session)


def _collecting_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.collecting.view import CollectingView

    return CollectingView(shell, presenter)


def _results(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.results.presenter import ResultsPresenter

    return ResultsPresenter(session)


def _results_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.results.view import ResultsView

    return ResultsView(shell, presenter)


def _inspections(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.inspections.presenter import InspectionsPresenter

    return InspectionsPresenter(session)


def _inspections_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.inspections.view import InspectionsView

    return InspectionsView(shell, presenter)


def _audit(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.audit.presenter import AuditPresenter

    return AuditPresenter(session)


def _audit_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.audit.view import AuditView

    return AuditView(shell, presenter)


def _settings(session: RoundSession) -> AnyPresenter:
    from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter

    return SettingsPresenter(session)


def _settings_view(shell: Shell, presenter: AnyPresenter) -> SectionView:
    from qisp_desktop.gui.secretariat.settings.view import SettingsView

    return SettingsView(shell, presenter)


OVERVIEW = "overview"
SECTIONS = (
    SectionKind("overview", N_("Overview"), "round", _overview, _overview_view),
    SectionKind("applications", N_("Applications"), "applications", _applications, _applications_view),
    SectionKind("screening", N_("Formal check"), "screening", _screening, _screening_view),
    SectionKind("experts", N_("Panel"), "experts", _experts, _experts_view),
    SectionKind("issuing", N_("Handing out"), "hand-out", _issuing, _issuing_view),
    SectionKind("collecting", N_("Collecting"), "collect", _collecting, _collecting_view),
    SectionKind("results", N_("Results"), "results", _results, _results_view),
    SectionKind("inspections", N_("Inspections"), "camera", _inspections, _inspections_view),
    SectionKind("audit", N_("Audit trail"), "audit", _audit, _audit_view),
)
SETTINGS = SectionKind("settings", N_("Settings of the round"), "settings", _settings, _settings_view)
"""Not a step of the round, so it has no place among them: a button above them shows it."""
