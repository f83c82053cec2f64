"""What the codes of the audit trail mean, for the person who reads it; the trail keeps the codes in any language.

To add an action (``store.change("…")``) or a kind of record: name it here too; a test finds what is missing.
"""

from __future__ import annotations

from qisp_desktop.base.i18n import N_, _, labelled

ACTIONS = {
    "add material": N_("add a material"),
    "add materials": N_("add materials"),
    "assign": N_("assign experts"),
    "collect": N_("collect returns"),
    "confirm paper": N_("confirm a paper"),
    "correct application": N_("correct an application"),
    "create round": N_("make the round"),
    "day": N_("set a working day or a day off"),
    "draw": N_("draw an expert by lot"),
    "exclude": N_("exclude an expert from an application"),
    "expert": N_("change the panel"),
    "discard entries": N_("discard entered papers"),
    "enter paper": N_("enter a paper"),
    "expert certificate": N_("enter a certificate"),
    "explain": N_("explain a deviation"),
    "export workbook": N_("write the summary workbook"),
    "freeze": N_("freeze the result"),
    "give form": N_("hand out a score form"),
    "import": N_("read a workbook"),
    "import applications": N_("import applications"),
    "import experts": N_("import experts"),
    "import forms": N_("read score forms"),
    "issue": N_("hand out packages"),
    "keys": N_("make keys"),
    "options": N_("set an option of the round"),
    "passphrase": N_("change the secretariat's passphrase"),
    "paper mismatch": N_("find that a paper differs"),
    "plan inspection": N_("plan an inspection"),
    "print": N_("print papers"),
    "replace": N_("replace an expert"),
    "recuse on paper": N_("record a recusal on paper"),
    "put back application": N_("put an application back"),
    "remove application": N_("remove an application"),
    "remove material": N_("remove a material"),
    "resolve": N_("decide a conflict"),
    "screen": N_("formal check"),
    "seal": N_("sign the trail"),
    "seal papers": N_("seal papers"),
    "settings": N_("change the settings of the round"),
    "take back recusal": N_("take back a recusal on paper"),
    "unresolve": N_("take back a decision"),
    "withdraw paper": N_("take back a confirmed paper"),
    "supplement": N_("ask for a supplement"),
}
KINDS = {
    "application": N_("application"),
    "assignment": N_("assignment"),
    "day_override": N_("working day or day off"),
    "exclusion": N_("exclusion by the office"),
    "expert": N_("expert"),
    "export": N_("exported workbook"),
    "explanation": N_("explanation"),
    "form": N_("score form"),
    "freeze": N_("frozen result"),
    "inspection_plan": N_("planned inspection"),
    "issue": N_("issue"),
    "kept": N_("signed original"),
    "mending": N_("mended cell"),
    "own_certificate": N_("expert's certificate"),
    "paper": N_("papers"),
    "paper_confirmation": N_("confirmed paper"),
    "paper_entry": N_("entered paper"),
    "recusal": N_("recusal"),
    "replacement": N_("replacement of an expert"),
    "resolution": N_("decided conflict"),
    "returned_file": N_("return package"),
    "round": N_("round"),
    "round_options": N_("options of the round"),
    "rubric": N_("rubric"),
    "score_sheet": N_("score sheet"),
    "screening_decision": N_("decision of the formal check"),
    "seal": N_("signed head"),
    "papers": N_("papers"),
    "secret": N_("key"),
    "site_inspection": N_("site inspection"),
    "supplement_notice": N_("letter of supplement"),
}


def action_name(action: str) -> str:
    """What was done, in the person's language; an action of a later version stays as it is written."""
    return _(ACTIONS.get(action, action))


def subject_name(subject: str) -> str:
    """What it was done to: ``application:QISP-2026-001`` with the kind of record in the person's language."""
    kind, colon, key = subject.partition(":")
    if not colon or kind not in KINDS:
        return subject
    return labelled(_(KINDS[kind]), key)
