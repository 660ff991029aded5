//! No cause was found.

super::catalogue! {
    CAUSE_UNKNOWN = "cause-unknown", Error,
        "The signature fits none of the known ways to get it wrong.",
        "Copy the secret anew with PGM's copy button and press \"Test all webhooks\". If the test is valid and this capture is not, this capture was signed with another secret (changed since?) or not by PGM. If the test is invalid too, send a request with a secret of your own (pgwh send) through the same tool: if that one is valid, the secret is wrong; if not, the tool changes the headers.",
        "Everything in this catalogue was tried, alone and in pairs: other spellings and encodings of the secret and of the request id, other formulas and hash functions, the other secrets that were given, and the ids of other requests in the same file. What is left: another secret altogether, an id or a signature that was changed on the way, or a caller who does not know the secret. To tell a wrong secret from a wrong capture, send a request of your own with a known secret through the same tool and verify that.";
    NOT_DIAGNOSED = "not-diagnosed", Error,
        "The signature does not fit, and too many captures are invalid to search for the cause of each.",
        "Verify this capture alone to have it searched in full; most often all of them have the cause that the first ones show.",
        "A full search tries thousands of calculations. A run spends a fixed amount of work on that; after it, a capture is only tried with the causes that were found before.";
}
