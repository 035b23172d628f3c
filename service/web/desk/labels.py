"""What the fields are called, and what a person should know who fills them in."""

from service.domain.lifecycle import IncidentKind
from service.domain.wording import label
from service.web.tongues.vocabularies import kind

FIELD, HINT, TYPE = "field", "hint", "report type"
"""Their contexts in the catalogues."""

TYPES = {
    "casualty_outcome": "Outcome of casualties",
    "means": "Means",
    "measure": "Another count",
    "merge": "Merger",
    "title": "New title",
    "unlink": "Link taken back",
}
"""Of types of reports, where their names alone do not tell."""

LABELS = {
    "url": "Address of the page",
    "published_at": "Published",
    "summary": "In a sentence",
    "harm": "What happened to them",
    "quantity": "How many",
    "group": "Who they were",
    "scope": "Of the whole, or of a part",
    "additional_to": "In addition to",
    "phrase": "The words, as published",
    "modality": "How it was said",
    "origin": "On whose word",
    "effective_at": "For which moment",
    "depends_on": "Stands on",
    "grading": "Grading (Admiralty code)",
    "kind_other": "Which other kind",
    "role_other": "Which other role",
    "named": "Named by name",
    "occurred": "When it happened",
    "from": "Were counted as",
    "to": "To",
    "path": "Figure",
    "rationale": "Why the desk holds so",
    "correction.target": "Report",
    "dispute.target": "Report",
    "endorsement.target": "Report",
    "targets": "Reports",
    "link.to": "To the incident",
    "unlink.to": "To the incident",
    "key": "Key",
    "response.response": "Key of the response",
    "publisher.name": "Name",
    "replacement": "What holds instead",
    "note": "Note",
    "grounds": "On what grounds",
    "into": "Into the incident",
    "next_of_kin_informed": "Next of kin are informed",
    "geometry": "Point on the map",
    "sha256": "SHA-256",
    "sensitivity": "Delicate because of",
    "audience": "Who may read it",
    "embargo_until": "Withheld until",
    "actor": "Actor",
    "incident": "Address of the incident",
}
HINTS = {
    "a moment": (
        "A date, or a time such as 2020-03-11 17:00; UTC unless an offset such as +03:00 follows."
    ),
    "a quantity": "As you would say it: at least 2, about a dozen, 3 to 5, several, none, unknown.",
    "several": "Several are parted by commas.",
    "published_at": (
        "A date, or a time such as 2020-03-11 17:00, UTC unless +03:00 follows. Blank: now."
    ),
    "summary": "Your own words, at most 280 characters.",
    "origin": "Whoever is quoted. Blank: the publisher itself.",
    "group": "Blank: everyone.",
    "scope": "Blank: everything that this source knows of, or a part where it speaks of a group.",
    "publisher.key": "Blank: made from the name, or known by it.",
    "origin.key": "Blank: made from the name, or known by it.",
    "key": "Only for other reports of this update to point at.",
    "publisher.kind": "Blank: as it is known here.",
    "origin.kind": "Blank: as it is known here.",
    "depends_on": "Numbers of events, or keys of reports in this update, parted by commas.",
    "effective_at": "Only where a figure is for another moment than that of publishing.",
    "geometry": "Latitude and longitude, such as 33.52, 44.26; or GeoJSON.",
    "country": "Two letters, such as IQ.",
    "correction.target": "The number of its event.",
    "dispute.target": "The number of its event.",
    "endorsement.target": "The number of its event.",
    "targets": "Numbers of events, parted by commas.",
    "said_since": "Everything that one origin or one publisher said since a moment.",
    "path": "Such as casualties.killed or overview.measures.rockets_fired.",
    "response.response": (
        "A short key, the same in every report of this response, such as us-strikes-syria."
    ),
    "next_of_kin_informed": "Until they are, the public does not see who it is.",
    "replacement": "The whole report as it should be; it keeps its source and its moment.",
    "earliest": "A date, a month such as 2020-03, or a time such as 2020-03-11 17:00 (UTC).",
    "latest": "Blank: the same as the earliest.",
    "since": "A date, a month, or a time.",
    "incident": "Lower-case letters, digits and dashes. Blank: made from title and date.",
    "additional_to": "Numbers of events, or keys of reports in this update.",
}
CHOICES: dict[str, str] = {
    "ngo": "NGO",
    "roughly_even": "Roughly even chance",
    "aid": "Aid workers",
    **{letter: letter for letter in "ABCDEF"},
    **{one: label(kind(one)) for one in IncidentKind if "." in one},
}
KNOWN = {
    "publisher.name": "known-publishers",
    "origin.name": "known-origins",
    "measure.name": "known-measures",
    "response.response": "known-responses",
    "path": "known-figures",
    "subject": "known-subjects",
    "actor": "known-actors",
}
"""Fields whose earlier values are offered, by the list that has them."""
USUAL = (
    *("casualties", "attribution", "response", "location", "time", "means", "measure", "person"),
    *("damage", "statement", "narrative", "question", "answer", "evidence", "context", "status"),
    *("title", "link"),
)
"""The types of reports that people post all day, in this order; the others come behind them."""
