"""The whole menu as one table, and the views that stand in no menu."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_appbuilder import AppBuilder
from flask_babel import get_babel
from flask_babel import lazy_gettext as _

from app.views import (
    accounts,
    api,
    approvals,
    archive,
    before_entry,
    categories,
    clocks,
    conduct,
    corrections,
    credit,
    dashboard,
    declared,
    deliveries,
    desk,
    desk_after,
    disclosures,
    document_templates,
    documents,
    draw_hall,
    entry_desk,
    entry_register,
    exchange,
    findings,
    health,
    holidays,
    import_profiles,
    imports,
    inspectors,
    items,
    jobs,
    joint_desk,
    joint_figures,
    joint_parts,
    joint_plans,
    language,
    life,
    matching,
    notices,
    objections,
    outbox,
    penalties,
    phone,
    plan_lines,
    plans,
    public,
    rectifications,
    report_layouts,
    reported,
    reports,
    roster_sources,
    saved_filters,
    special,
    system,
    targets,
    tasks,
    transfers,
    triggered,
    visits,
    warnings,
)
from app.views.base import arguments
from app.views.frame import furnish
from app.views.home import HomeView
from app.views.menu import Entry, Group
from app.views.search import SearchView

MENU: list[Group] = [
    Group(
        "",
        "",
        [
            Entry(HomeView, _("Work desk")),
            Entry(dashboard.DashboardView, _("Overview")),
            Entry(jobs.JobView, _("My background work")),
        ],
    ),
    Group(
        _("List and two rosters"),
        "",
        [
            Entry(items.InspectionItemView, _("Inspection items")),
            Entry(categories.TargetCategoryView, _("Target categories")),
            Entry(targets.EnterpriseView, _("Roster of targets")),
            Entry(targets.ListingView, _("Listings")),
            Entry(targets.ComplaintView, _("Complaints")),
            Entry(inspectors.InspectorView, _("Roster of inspectors")),
            Entry(inspectors.EnforcementCertificateView, _("Certificates")),
            Entry(inspectors.RecusalView, _("Recusals")),
            Entry(inspectors.ExpertiseView, _("Expertise")),
            Entry(imports.ImportView, _("Import"), power="import"),
            Entry(imports.ImportBatchView, _("Loads")),
            Entry(roster_sources.RosterSourceView, _("Sources of the roster")),
            Entry(roster_sources.ConflictView, _("Conflicts of sources")),
        ],
    ),
    Group(
        _("Random inspection"),
        "",
        [
            Entry(plans.InspectionPlanView, _("Annual plans")),
            Entry(joint_plans.JointPlanView, _("Joint planning")),
            Entry(tasks.InspectionTaskView, _("Inspection tasks")),
            Entry(tasks.JointTaskView, _("Joint inspections")),
            Entry(matching.MatchingView, _("Matching and load")),
            Entry(life.StatusChangeView, _("Changes of status")),
            Entry(exchange.ExchangeView, _("Data exchange")),
            Entry(outbox.OutboxView, _("Notifications")),
            Entry(triggered.TriggeredCheckView, _("Triggered checks")),
            Entry(special.SpecialInspectionView, _("Special inspections")),
            Entry(tasks.WitnessView, _("Witnessed by me"), power="witness"),
        ],
    ),
    Group(
        _("Inspection"),
        "",
        [
            Entry(approvals.ApprovalView, _("Approval of checks")),
            Entry(before_entry.BeforeEntryView, _("Before entry")),
            Entry(phone.MyVisitsView, _("My visits"), power="record"),
            Entry(visits.VisitView, _("Visits")),
            Entry(findings.ReviewView, _("Review of results"), power="review"),
            Entry(findings.ResultDisclosureView, _("Disclose results"), power="disclose"),
            Entry(findings.FindingView, _("Ledger of findings")),
            Entry(documents.DocumentView, _("Documents")),
            Entry(archive.ArchiveView, _("Archived files")),
            Entry(entry_register.EnterpriseEntryView, _("Register of entries")),
            Entry(entry_register.FrequencyCapView, _("Caps of checks")),
        ],
    ),
    Group(
        _("After a problem"),
        "",
        [
            Entry(clocks.ClockView, _("Deadlines")),
            Entry(rectifications.RectificationView, _("Rectification")),
            Entry(transfers.TransferView, _("Transfers")),
            Entry(transfers.NoticeView, _("Notices to departments")),
            Entry(penalties.PenaltyCaseView, _("Penalty cases")),
            Entry(objections.ObjectionView, _("Objections")),
            Entry(credit.CreditRecordView, _("Credit records")),
            Entry(credit.CreditMeasureView, _("Measures of the national list")),
        ],
    ),
    Group(
        _("Disclosure and analysis"),
        "",
        [
            Entry(disclosures.DisclosureView, _("Disclosures")),
            Entry(reports.ReportView, _("Statistical reports")),
            Entry(warnings.RiskWarningView, _("Risk warnings")),
            Entry(reported.ReportedView, _("Reported periods")),
            Entry(declared.DeclaredView, _("Declared figures")),
            Entry(report_layouts.ReportLayoutView, _("Layouts of reports")),
            Entry(joint_figures.JointFiguresView, _("Effect of joint inspection")),
            Entry(conduct.GroupMeetingView, _("Leading group")),
            Entry(conduct.GroupTaskView, _("Tasks given")),
            Entry(conduct.TrainingSessionView, _("Training")),
            Entry(conduct.PublicityActivityView, _("Publicity")),
        ],
    ),
    Group(
        _("System"),
        "",
        [
            Entry(system.AgencyView, _("Departments")),
            Entry(system.PostView, _("Posts")),
            Entry(system.RegionView, _("Regions")),
            Entry(system.IndustryView, _("Industries")),
            Entry(system.HolidayView, _("Holidays")),
            Entry(document_templates.DocumentTemplateView, _("Document templates")),
            Entry(holidays.HolidayNoticeView, _("Holiday notices"), power="import"),
            Entry(system.LogEntryView, _("Draw log")),
            Entry(system.AuditEventView, _("Audit trail")),
            Entry(jobs.AllJobsView, _("Background work")),
            Entry(exchange.AgencyKeyView, _("Interface keys")),
            Entry(accounts.UserView, _("Users")),
            Entry(accounts.RoleView, _("Roles and rights")),
        ],
    ),
]

# Views that are reached from other pages only.
OTHER_VIEWS: list[type[Any]] = [
    archive.TraceView,
    SearchView,
    saved_filters.SavedFilterView,
    accounts.AccountView,
    accounts.PasswordView,
    language.LanguageView,
    items.ItemVersionView,
    items.LegalBasisView,
    items.CheckPointView,
    import_profiles.ImportProfileView,
    life.LifeView,
    life.InspectorHistoryView,
    targets.MembershipView,
    targets.LicenceView,
    targets.VisitHistoryView,
    roster_sources.EnterpriseChangeView,
    plan_lines.PlanLineView,
    draw_hall.DrawHallView,
    phone.PhoneView,
    corrections.CorrectionView,
    joint_parts.JointPartView,
    deliveries.DeliveryView,
    notices.VisitNoticeView,
]

# Everything that answers without a sign-in; a test compares this with what is exposed.
PUBLIC_PAGES: frozenset[str] = frozenset({"SignInView.login", "SignInView.logout", "LanguageView.choose"})


def register(appbuilder: AppBuilder) -> None:
    """Register every view once: those of the menu, those beside it, and the sign-in."""
    get_babel().locale_selector = language.chosen
    accounts.register(appbuilder)
    for group in MENU:
        for entry in group.entries:
            if entry.view is not HomeView:
                appbuilder.add_view_no_menu(entry.view)
    for view in OTHER_VIEWS:
        appbuilder.add_view_no_menu(view)
    app = current_app._get_current_object()
    arguments.register(app)
    imports.register(app)
    app.before_request(accounts.close_unused_pages)
    app.before_request(accounts.ask_to_sign_in)
    furnish(app, MENU)
    saved_filters.furnish(app)
    public.register(app)
    api.register(app)
    health.register(app)
    desk.furnish(app)
    documents.furnish(app)
    archive.furnish(app)
    joint_desk.furnish(app)
    for part in (clocks, corrections, deliveries, desk_after):
        part.furnish(app)
    entry_desk.furnish(app)
