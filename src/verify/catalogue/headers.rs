//! Why there is no verdict on a signature: headers missing, doubled or masked.

super::catalogue! {
    HEADERS_MISSING = "headers-missing", Error,
        "The capture has neither X-PerfectGym-Request nor X-PerfectGym-Signature.",
        "Capture the request with its headers: save the whole request, not only its body. If the tool shows other headers, look in PGM whether the webhook has a secret.",
        "Without these two headers nothing can be checked. The usual reasons: the tool saved the body only, or a selection of headers; a proxy or gateway in front of it passes on only the headers it knows; the webhook has no secret in PGM (whether PGM then sends the headers at all is not documented, and integrators report calls without them); or the call does not come from PGM. PerfectGym Next is another product: its webhooks carry an API key and none of these headers.";
    SIGNATURE_MISSING = "signature-missing", Error,
        "The capture has a request id but no X-PerfectGym-Signature.",
        "Give the webhook a secret in PGM, or find out which tool or proxy dropped the header, and capture again.",
        "The request id alone proves nothing. The usual reasons: the webhook has no secret in PGM; the tool, or a proxy in front of it, drops headers whose names sound secret (signature, token, key); the capture was made by hand and the header was forgotten. A value such as null or undefined counts as missing: a program wrote it where it had no header.";
    REQUEST_ID_MISSING = "request-id-missing", Error,
        "The capture has a signature but no X-PerfectGym-Request, which it signs.",
        "Capture again with all headers; the signature is made over the request id and cannot be checked without it.",
        "The signature is MD5 of the request id, a colon and the secret, so the id is needed to check it. PGM sends both headers or, as far as is known, neither: when only the id is gone, a tool or proxy dropped it, or the receiving program logged a header under another name.";
    REQUEST_ID_AMBIGUOUS = "request-id-ambiguous", Error,
        "X-PerfectGym-Request came with two different values, and receivers differ in which one they take.",
        "Find out who added the second value: a proxy that adds instead of sets, or a caller who hopes that two programs read different ones. Refuse such a request.",
        "PGM sends one value. Equal repeats (also joined by a comma, as AWS does) count as one. Two different values are no accident of transport: some programs take the first, some the last, some join them, so one part of a system may check one request and another part act on the other.";
    SIGNATURE_AMBIGUOUS = "signature-ambiguous", Error,
        "X-PerfectGym-Signature came with two different values, and receivers differ in which one they take.",
        "Find out who added the second value. Refuse such a request.",
        "PGM sends one value. Equal repeats (also joined by a comma, and whatever the case of their hex digits) count as one. A receiver that accepts a request when any of the values fits lets a caller guess many at once.";
    REQUEST_ID_REDACTED = "request-id-redacted", Error,
        "The request id was masked or cut off before it was saved.",
        "Capture again with masking of X-PerfectGym-Request switched off, or copy the whole value.",
        "Many tools replace values by ***, [REDACTED] or xxxx when they save or export, or show only the beginning of long ones. The signature is made over the exact id, so nothing can be checked. A request id is no secret and need not be masked.";
    SIGNATURE_REDACTED = "signature-redacted", Error,
        "The signature was masked or cut off before it was saved.",
        "Capture again with masking of X-PerfectGym-Signature switched off, or copy the whole value: it has 32 hex digits.",
        "Many tools mask headers whose names sound secret (signature, token, authorization) when they save or export, or show only the beginning of long values. A signature shows nothing of the secret, but whoever has it together with its request id can send other bodies with it, so share an unmasked capture with care.";
}
