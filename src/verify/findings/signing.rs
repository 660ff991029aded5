//! The signature was made by another formula, or in no known way.

super::findings! {
    SIGNING:
    BODY_SIGNED = "body-signed", Error,
        "The signature was made over the body; PGM signs the request id.",
        "Hash X-PerfectGym-Request, a colon and the secret in the signer; the body is not part of it.",
        "Most other products sign the body, so code that is copied from their examples does it too. PGM's formula is MD5(request id + \":\" + secret) (documented).";
    BODY_REWRITTEN = "body-rewritten", Error,
        "The signature was made over the body in another form: parsed and written again, or changed by a program that handles text.",
        "Leave the body out: hash X-PerfectGym-Request, a colon and the secret. For products that sign the body, use its exact bytes.",
        "Parsing JSON and writing it again changes white space, order and escapes, and a framework that parsed the body already leaves [object Object] or nothing. PGM does not sign the body at all.";
    COLON_SPACE = "colon-space", Error,
        "The signature was made with a space beside the colon.",
        "Join the request id and the secret with a colon and nothing else: id:secret.",
        "The documented formula shows a colon between the two; a space is easily added in code.";
    CONSTANT_SIGNED = "constant-signed", Error,
        "The signature was made over a fixed text without the request id and the secret, so it is the same for every request.",
        "Check how the signer's code joins the two: a template in the wrong kind of quotes, variables without values, or an empty text.",
        "MD5 of an empty text, of undefined:undefined or of ${id}:${secret} is the result of code whose variables are not set, or whose template was not filled in.";
    EVENT_SIGNED = "event-signed", Error,
        "The signature was made with the event's name in the text; PGM signs only the request id and the secret.",
        "Hash X-PerfectGym-Request, a colon and the secret, and nothing else.",
        "The event is in the body, which PGM does not sign.";
    TIME_SIGNED = "time-signed", Error,
        "The signature was made with a date or a timestamp in the text; PGM signs only the request id and the secret.",
        "Hash X-PerfectGym-Request, a colon and the secret, and nothing else.",
        "Other products sign a timestamp so that a request expires. PGM does not: its signatures never expire.";
    HASHED_TWICE = "hashed-twice", Error,
        "The signature was hashed a second time.",
        "Hash once: MD5 of id:secret, written in hex.",
        "Two layers of the program each hash: the second one hashes the first one's digest, as bytes or as text.";
    HMAC_OVER_BODY = "hmac-over-body", Error,
        "The signature is an HMAC over the body; PGM's is a plain MD5 of the request id, a colon and the secret.",
        "Use MD5 of id:secret, without HMAC; the body is not part of it.",
        "GitHub, Stripe, Shopify and Standard Webhooks use HMAC over the body. It is the better design, but PGM does not use it.";
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
        "The id was empty when the signature was made: usually a variable or header name that was not found.";
    NO_COLON = "no-colon", Error,
        "The signature was made without the colon between the request id and the secret.",
        "Join them with a colon: id:secret.",
        "The documented formula is identifier + \":\" + secret; the colon is easily lost.";
    OTHER_PRODUCTS_FORMULA = "other-products-formula", Error,
        "The signature was made by the formula of another product, with a version, a timestamp or the body, as Slack, Stripe and Svix do it.",
        "Use PGM's formula: MD5 of the request id, a colon and the secret, in hex.",
        "Slack signs v0:timestamp:body, Stripe timestamp.body, Svix and Standard Webhooks id.timestamp.body, all with HMAC-SHA256. PGM signs id:secret with a plain MD5.";
    OTHER_SEPARATOR = "other-separator", Error,
        "The signature was made with something other than a single colon between the request id and the secret.",
        "Join them with a colon: id:secret.",
        "Dots, dashes, slashes, bars, commas, line breaks and many others are tried.";
    SECRET_AND_ID_SWAPPED = "secret-and-id-swapped", Error,
        "The signature was made with the secret before the request id.",
        "Swap them: the request id comes first, then the colon, then the secret.",
        "Both orders look alike in code. PGM's is identifier, colon, secret (documented).";
    SECRET_NOT_SIGNED = "secret-not-signed", Error,
        "The signature was made over the request id alone, without any secret: anyone can make it.",
        "Hash the request id, a colon and the secret. Do not accept such a request: it proves nothing.",
        "A program signs without its secret, or a client tests whether the receiver checks signatures at all.";
    SECRET_REPEATED = "secret-repeated", Error,
        "The signature was made with the secret or the request id more than once in the text.",
        "Hash the request id, a colon and the secret, each once: id:secret.",
        "Some products put the secret on both sides of what they sign. PGM does not.";
    TEXT_SIGNED = "text-signed", Error,
        "The signature was made over the request id and the secret in a larger text, such as JSON, a form or a header line, or in another form of the whole text.",
        "Join the request id and the secret with a colon and nothing else: id:secret.",
        "The two values were serialized, or passed through a function that formats, encodes or changes text, before they were hashed.";
    SIGNATURE_OF_ANOTHER_REQUEST = "signature-of-another-request", Error,
        "The signature belongs to another request of this file: it matches that request's id, not this one's.",
        "Take the id and the signature from the same request; check how the capture was put together.",
        "When captures are put together by hand or from columns, one side may slip by a row. In a receiver, a shared variable that two requests use at once has the same effect.";
    WRONG_HASH = "wrong-hash", Error,
        "The signature was made with a hash function other than MD5.",
        "Use MD5. It is old, but it is what PGM computes.",
        "MD5 has 32 hex digits, SHA-1 and RIPEMD-160 have 40, SHA-256 and SHA3-256 have 64, SHA-512 has 128. Examples of other products use SHA-1 or SHA-256, and the formula is right otherwise.";
    CAUSE_UNKNOWN = "cause-unknown", Error,
        "The signature matches none of the known mistakes.",
        "Copy the secret again with PGM's copy button and press \"Test all webhooks\". If the test is valid and this capture is not, this capture was signed with another secret (was it changed since?) or not by PGM. If the test is invalid too, send a request with a secret of your own (pgwh send) through the same tool: if that one is valid, the secret is wrong; if not, the tool changes the headers.",
        "All known mistakes were tried, the common ones also in pairs: other forms and encodings of the secret and of the request id, other formulas and hash functions, the other secrets that were given, and the ids of other requests in the same file. What remains: another secret altogether, also one of which a part was lost (cut off at #, or $name in it expanded); an id or a signature that was changed on the way; or a client that does not know the secret. To tell a wrong secret from a wrong capture, send a request of your own with a known secret through the same tool and verify that.";
    NOT_DIAGNOSED = "not-diagnosed", Error,
        "The signature does not match, and too many captures are invalid to search for the cause of each.",
        "Verify this capture alone to have it searched in full; usually all of them have the cause that the first ones show.",
        "A full search makes up to some 200,000 calculations. A run spends a fixed amount of work on that; after it, a capture is only compared with the causes that were found before.";
}
