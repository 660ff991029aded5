//! The body, which the signature does not cover.

super::catalogue! {
    BODY_MISSING = "body-missing", Info,
        "The capture has no body: the verdict is about the headers only.",
        "Save the body too if you want it checked; the signature does not cover it.",
        "PGM's signature is made over the request id, so the verdict needs no body. Checks of the envelope, of the date and of replays do.";
    BODY_NOT_EXACT = "body-not-exact", Info,
        "The body is not byte for byte what was received: the tool kept parsed JSON or changed text.",
        "Nothing to mend for the verdict. Use a tool that keeps raw bytes if you need to send the same bytes again.",
        "Many tools parse JSON and write it anew when they save. The signature does not cover the body, so the verdict stands; replays are still found, as bodies are compared as JSON values.";
    BODY_NOT_JSON = "body-not-json", Error,
        "The body is not JSON, and PGM sends nothing else.",
        "Look at how the body was saved: cut off, compressed, printed as a Python or PHP value, escaped twice? If it was received like this, it is not from PGM, even with a valid signature.",
        "PGM posts a JSON object (documented). A valid signature does not vouch for the body: whoever has an id and its signature can send anything. JSON that is nested more than 128 deep counts as none.";
    BODY_NOT_ENVELOPE = "body-not-envelope", Error,
        "The body is JSON but not PGM's envelope: an object with event, triggeredDate and data.",
        "Look at whether the tool wrapped the body in something of its own or saved only a part. If it was received like this, it is not from PGM, even with a valid signature.",
        "Every body is { \"event\": name, \"triggeredDate\": date, \"data\": { … } } (documented). Further members are let pass. Webhooks of PerfectGym Next, another product, look different.";
    UNKNOWN_EVENT = "unknown-event", Warning,
        "The event is not one that PGM documents.",
        "Check the spelling, with regard to case. If PGM really sends it, it is newer than this version of pgwh: handle it as you handle any event that you do not know.",
        "The vendor's help page lists the events; pgwh events shows them. The standby event has two spellings in use, ClassesBookedOnStadbyList (help page) and ClassesBookedOnStandbyList (live systems), and both are known. Other names of events come with new versions of PGM, or with a body that PGM did not make.";
    DATE_MALFORMED = "triggered-date-malformed", Warning,
        "triggeredDate is not an ISO 8601 date and time in UTC.",
        "PGM writes it like 2020-06-01T14:44:46Z. Look at whether the tool turned it into local time or another form.",
        "Documented: ISO 8601, typically YYYY-MM-DDThh:mm:ssZ, in UTC. Fractions of a second and +00:00 in place of Z are let pass. A date without a zone, with another zone, with a space for the T, or /Date(…)/ comes from a tool that parsed and wrote it anew, or from a body that PGM did not make.";
    DATE_FUTURE = "triggered-date-future", Warning,
        "triggeredDate is later than the request was received.",
        "Check the clock of the machine that received it. If the clock is right, the body was not made by PGM when it says.",
        "PGM calls after the event. Two minutes are allowed for clocks that differ (our choice). The date is not signed: anyone who has an id and its signature can write any date. Where the capture does not say when it was received, the present time is used.";
    DATE_OLD = "triggered-date-old", Warning,
        "triggeredDate is long before the request was received.",
        "If your target failed in between, this is a late retry, or someone pressed the retry button in PGM's requests list. Otherwise an old request was sent again: let each request id take effect once.",
        "PGM calls within a few seconds of the event (documented) and repeats failed requests by a schedule that is not known. More than ten minutes are reported (our choice), except for a request that was seen before, for captures that do not say when they were received, and for the event Test, whose documented sample carries a date of 2020. The signature covers neither body nor time, so it stays valid for ever.";
}
