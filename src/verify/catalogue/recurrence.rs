//! What several captures say together. The signature covers only the request id, so these
//! findings exist in this scheme only.

super::catalogue! {
    REPLAYED_SIGNATURE = "replayed-signature", Error,
        "The same request id and signature came before with another body: someone sent a new body with an old signature, or changed it on the way.",
        "Do not trust the later body. Fetch what it is about from PGM's API, and let each request id take effect once.",
        "PGM's signature is made over the request id and the secret, not over the body. Whoever has seen one id and its signature (in a log, at a proxy, in a capture that was shared) can send any body with them, and the signature is valid. A real retry has the same body. Bodies are compared as JSON values: white space, order of members, escapes and the spelling of numbers do not matter, so a tool that keeps parsed JSON raises no alarm. If the first body was the false one, the finding is at the true one: it says only that they differ. Change the secret in PGM when you find a real case.";
    ID_WITH_TWO_SIGNATURES = "id-with-two-signatures", Warning,
        "The same request id came before with another signature.",
        "If the secret was changed between the two, or two webhooks with different secrets got the same id, all is well; otherwise one of the two was not made by PGM.",
        "One id has one signature until the secret changes (documented). A retry after a change of the secret has a new signature. Whether PGM gives the calls of two webhooks for one event the same id is not known. Anything else is a guess at a signature, or a test of your own with a fixed id.";
    RETRY = "retry", Info,
        "The same request was seen before: a retry.",
        "Nothing to mend, if your receiver handles each request id once. PGM repeats a request that was not answered with a 2xx status within 5 seconds.",
        "A target should be ready to receive the same request more than once (documented). Retries keep request id, signature and body. They are grouped and counted, not faults. Many of them mean that the target answers too late or with an error.";
}
