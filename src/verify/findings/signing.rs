//! How the signature was made: another formula, another text of the id, another form of the digest,
//! or no known way.

super::findings! {
    SIGNING:
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
    ID_BRACES = "id-braces", Error,
        "The signature was made over the request id in another wrapping: with braces, quotes or parentheses that one side has and the other has not.",
        "Sign and send the same text: Guid.ToString(\"D\") in .NET has no braces. Sign the header's value, not a copy that was formatted anew.",
        "GUIDs are written {…} in the Windows world (ToString(\"B\")) and bare elsewhere; JSON.stringify adds quotes. The signature covers each character.";
    ID_CASE = "id-case", Error,
        "The signature was made over the request id in the other case.",
        "Sign the id's exact characters: do not parse it as a GUID and write it anew, and do not lower or raise its case.",
        "UUID libraries write lower case, SQL Server and some .NET code upper case. As bytes these are different ids with different signatures. A proxy or tool that changes a value's case breaks the check in the same way.";
    ID_DASHES = "id-dashes", Error,
        "The signature was made over the request id with other dashes: one side has taken them out or put them in.",
        "Sign the id's exact characters, with the dashes that the header has.",
        "ToString(\"N\") of a GUID, uuid.hex in Python and many databases drop the dashes.";
    ID_SPACES = "id-spaces", Error,
        "The signature was made over the request id without the white space that the captured one has around it, or with some that it lacks.",
        "Trim the id, on both sides. HTTP takes such space away, so it came with a copy by hand, or from the tool that saved the capture.",
        "A line break after the id is typical of a script that reads it with a command and does not strip it.";
    ID_URN = "id-urn", Error,
        "The signature was made over the request id with or without urn:uuid: before it, unlike the captured one.",
        "Sign the id's exact characters: uuid.urn in Python adds the prefix.",
        "Some libraries write a UUID as a URN.";
    HEADERS_SWAPPED = "headers-swapped", Error,
        "The signature stands in the request id's place, and the id in the signature's.",
        "Exchange the two values: X-PerfectGym-Request has the id, X-PerfectGym-Signature the 32 hex digits.",
        "This happens where the values are copied by hand from a tool's screen, or in a receiver that reads the two headers into the wrong variables. PGM does not do it.";
    SIGNATURE_BASE64 = "signature-base64", Error,
        "The digest is right but written in base64; PGM writes 32 hex digits.",
        "Have the signer write the digest in hex: digest('hex') in Node, hexdigest() in Python, Convert.ToHexString in .NET.",
        "Base64 of the 16 bytes has 24 characters and ends with ==. Power Automate, Make and .NET's Convert.ToBase64String produce it readily. Base64 of the hex digits, as btoa makes it, has 44 characters and is found as well.";
    SIGNATURE_DASHES = "signature-dashes", Error,
        "The digest is right but written with separators between its bytes; PGM writes 32 hex digits and nothing else.",
        "Take the separators out: BitConverter.ToString(hash).Replace(\"-\", \"\") in .NET.",
        "BitConverter.ToString of .NET writes AB-CD-EF, upper case with dashes; other tools write colons or spaces.";
    SIGNATURE_ESCAPED = "signature-escaped", Error,
        "The digest is right but the header's value was URL-escaped on the way.",
        "Take the value before it is escaped, or decode it once.",
        "A form or query string escapes +, / and = of a base64 value as %2B, %2F and %3D. Some tools keep headers that way.";
    SIGNATURE_PREFIXED = "signature-prefixed", Error,
        "The digest is right but a name stands before it, such as md5= or sha256=; PGM sends only the 32 hex digits.",
        "Have the signer send the bare digest. If your receiver expects such a prefix, it was written for another product's webhooks.",
        "GitHub, Meta and others put the algorithm before the digest. PGM does not.";
    SIGNATURE_QUOTED = "signature-quoted", Error,
        "The digest is right but stands in quotes.",
        "Take the quotes away: the tool wrote the value as JSON text, or the signer sent it so.",
        "A program that serialises a header's value as JSON adds quotes to it. A receiver that compares texts will not match.";
    SIGNATURE_WHITESPACE = "signature-whitespace", Error,
        "The digest is right but white space stands around it.",
        "Trim the value. HTTP takes such space away on the way, so it comes from the tool that saved the capture, or from a copy by hand.",
        "Space and line breaks at the ends of a header's value are no part of it in HTTP. They get there by copying from a screen, or when a program appends what it read with its line break.";
    SIGNATURE_MALFORMED = "signature-malformed", Error,
        "The signature is not the text of a digest: PGM's has 32 hex digits.",
        "Look at where the value comes from: is it the header X-PerfectGym-Signature, whole and unchanged?",
        "MD5 has 16 bytes, so 32 hex digits; other digests that were thought of have 20, 28, 32, 48 or 64 bytes, in hex or base64. The value is none of these in any known spelling, so no calculation can give it. Often another header, a JWT or an API key was taken instead (PerfectGym Next, another product, sends an API key).";
    CAUSE_UNKNOWN = "cause-unknown", Error,
        "The signature fits none of the known ways to get it wrong.",
        "Copy the secret anew with PGM's copy button and press \"Test all webhooks\". If the test is valid and this capture is not, this capture was signed with another secret (changed since?) or not by PGM. If the test is invalid too, send a request with a secret of your own (pgwh send) through the same tool: if that one is valid, the secret is wrong; if not, the tool changes the headers.",
        "Everything in this catalogue was tried, alone and in pairs: other spellings and encodings of the secret and of the request id, other formulas and hash functions, the other secrets that were given, and the ids of other requests in the same file. What is left: another secret altogether, an id or a signature that was changed on the way, or a caller who does not know the secret. To tell a wrong secret from a wrong capture, send a request of your own with a known secret through the same tool and verify that.";
    NOT_DIAGNOSED = "not-diagnosed", Error,
        "The signature does not fit, and too many captures are invalid to search for the cause of each.",
        "Verify this capture alone to have it searched in full; most often all of them have the cause that the first ones show.",
        "A full search tries thousands of calculations. A run spends a fixed amount of work on that; after it, a capture is only tried with the causes that were found before.";
}
