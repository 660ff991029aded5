//! The signature was calculated by another formula.

super::catalogue! {
    BODY_SIGNED = "body-signed", Error,
        "The signature was made over the body; PGM signs the request id.",
        "Have the signer hash X-PerfectGym-Request, a colon and the secret; the body is not part of it.",
        "Most other products sign the body, so code that is copied from their examples does it too. PGM's formula is MD5(request id + \":\" + secret) (documented).";
    COLON_SPACE = "colon-space", Error,
        "The signature was made with a space beside the colon.",
        "Join the request id and the secret with a colon and nothing else: id:secret.",
        "The documentation's formula shows a colon between the two; a space in the code's text slips in easily.";
    HASHED_TWICE = "hashed-twice", Error,
        "The signature was hashed a second time.",
        "Hash once: MD5 of id:secret, written in hex.",
        "Two layers of the program each hash, the second one the hex digits of the first.";
    HMAC_OVER_BODY = "hmac-over-body", Error,
        "The signature is an HMAC over the body; PGM's is a plain MD5 of the request id, a colon and the secret.",
        "Use MD5 of id:secret, without HMAC; the body is not part of it.",
        "HMAC over the body is what GitHub, Stripe, Shopify and the Standard Webhooks use. It would be better, but PGM does not do it.";
    HMAC_OVER_ID = "hmac-over-id", Error,
        "The signature is an HMAC over the request id with the secret as key (or the other way round); PGM's is a plain MD5 of the two with a colon between.",
        "Use MD5 of id:secret, without HMAC.",
        "A signature with a secret suggests HMAC, and many libraries offer nothing else under that name. PGM's formula is a plain hash.";
    ID_AND_BODY_SIGNED = "id-and-body-signed", Error,
        "The signature was made over the request id and the body together; PGM signs the request id alone.",
        "Leave the body out: MD5 of id:secret.",
        "Some products sign an id, a time and the body joined by dots or colons. PGM does not.";
    ID_NOT_SIGNED = "id-not-signed", Error,
        "The signature was made over the secret alone, without the request id.",
        "Hash the request id of this request, a colon and the secret. The signature differs from request to request.",
        "The id was empty when the signature was made: most often a variable or header name that was not found.";
    NO_COLON = "no-colon", Error,
        "The signature was made without the colon between the request id and the secret.",
        "Join them with a colon: id:secret.",
        "The documentation's formula reads identifier + \":\" + secret; the colon is easily lost.";
    OTHER_SEPARATOR = "other-separator", Error,
        "The signature was made with another separator than a colon between the request id and the secret.",
        "Join them with a colon: id:secret.",
        "Dots, dashes, slashes, bars, commas, line breaks and others were tried.";
    SECRET_AND_ID_SWAPPED = "secret-and-id-swapped", Error,
        "The signature was made with the secret before the request id.",
        "Turn them round: the request id comes first, then the colon, then the secret.",
        "Both orders look alike in code. PGM's is identifier, colon, secret (documented).";
    SECRET_NOT_SIGNED = "secret-not-signed", Error,
        "The signature was made over the request id alone, without any secret: anyone can make it.",
        "Hash the request id, a colon and the secret. Do not accept such a request: it proves nothing.",
        "A program that signs without its secret, or a caller who tries whether the receiver checks at all.";
    SIGNATURE_OF_ANOTHER_REQUEST = "signature-of-another-request", Error,
        "The signature belongs to another request of this file: it fits that one's id, not this one's.",
        "Take the id and the signature from the same request; look at how the capture was put together.",
        "When captures are put together by hand or from columns, one side may slip by a row. In a receiver, a shared variable that two requests use at once has the same effect.";
    WRONG_HASH = "wrong-hash", Error,
        "The signature was made with another hash function than MD5.",
        "Use MD5. It is old, but it is what PGM computes.",
        "MD5 has 32 hex digits, SHA-1 40, SHA-256 64, SHA-512 128. Examples of other products use SHA-1 or SHA-256, and the formula is right otherwise.";
}
