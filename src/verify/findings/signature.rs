//! The signature was made by another formula, over another request id, written in another form, or
//! in no known way.

super::findings! {
    SIGNING:
    BODY_SIGNED = "body-signed", Error,
        "The signature was made over the body; PGM signs the request id.",
        "Hash X-PerfectGym-Request, a colon and the secret in the signer; the body is not part of it.",
        "Most other products sign the body, so code that is copied from their examples does it too. PGM's formula is MD5(request id + \":\" + secret) (documented).";
    BODY_REWRITTEN = "body-rewritten", Error,
        "The signature was made over the body in another form: parsed and written again, hashed, changed by a program that handles text, or a word such as undefined in its place.",
        "Leave the body out: hash X-PerfectGym-Request, a colon and the secret. For products that sign the body, use its exact bytes.",
        "Parsing JSON and writing it again changes white space, order and escapes, and a framework that parsed the body already leaves [object Object], {} or nothing. PGM does not sign the body at all.";
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
        "The signature is an HMAC of the request id and the secret, mostly with the secret as key; PGM's is a plain MD5 of the two with a colon between.",
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
        "The signature does not match, and its cause was not searched for in full.",
        "Verify this capture alone, with one secret of one line, to search in full. Usually all captures have the cause of the first ones.",
        "A full search makes up to 250,000 calculations. When several in a row find nothing, the next captures get a short search, which tries each likely mistake alone, and after many of those only a comparison with the causes that were found before and with the other requests. The message says how far the search went.";
}

super::findings! {
    REQUEST_ID:
    ID_BRACES = "id-braces", Error,
        "The signature was made over the request id with or without braces, quotes or parentheses, unlike the captured one.",
        "Sign and send the same text: Guid.ToString(\"D\") in .NET has no braces. Sign the header's value, not a copy that was formatted again.",
        "GUIDs are written {…} in the Windows world (ToString(\"B\")) and bare elsewhere; JSON.stringify adds quotes. The signature depends on each character.";
    ID_BYTE_ORDER = "id-byte-order", Error,
        "The signature was made over the request id with its bytes in another order.",
        "Sign the id's exact characters: do not convert it to bytes and back.",
        "The first three groups of a GUID are little-endian in .NET, COM and SQL Server: Guid.ToByteArray and UUID(bytes_le=…) give another text than the one they came from.";
    ID_BYTES = "id-bytes", Error,
        "The signature was made over the 16 bytes of the request id, or over their base64 form, not over its text.",
        "Sign the id's exact characters.",
        "A UUID library handed the bytes to the hash function instead of the text.";
    ID_CASE = "id-case", Error,
        "The signature was made over the request id in another letter case.",
        "Sign the id's exact characters: do not parse it as a GUID and write it again, and do not change its case.",
        "UUID libraries write lower case, SQL Server and some .NET code upper case. As bytes these are different ids with different signatures. A proxy or tool that changes a value's case breaks the check in the same way.";
    ID_CUT = "id-cut", Error,
        "The signature was made over a part of the request id.",
        "Sign the whole value of the header.",
        "A database column, a log or a split at a dash kept only the first or the last characters.";
    ID_DASHES = "id-dashes", Error,
        "The signature was made over the request id with dashes added or removed.",
        "Sign the id's exact characters, with the dashes that the header has.",
        "ToString(\"N\") of a GUID, uuid.hex in Python and many databases drop the dashes.";
    ID_DOUBLED = "id-doubled", Error,
        "The signature was made over the request id repeated.",
        "Use one value of the header: a framework or proxy joined two copies of it.",
        "Two copies of a header are joined by a comma in most frameworks.";
    ID_ENCODED = "id-encoded", Error,
        "The signature was made over the request id in base64, hex or URL-escaped form.",
        "Sign the id's exact characters.",
        "A layer of the program encoded the id before it was hashed.";
    ID_FROM_BODY = "id-from-body", Error,
        "The signature was made over a value from the body in place of the request id.",
        "Sign the value of the header X-PerfectGym-Request.",
        "An id in the body names a member or a booking, not the request.";
    ID_HASHED = "id-hashed", Error,
        "The signature was made over a hash of the request id.",
        "Sign the id's exact characters.",
        "A layer of the program hashed the id first.";
    ID_HEADER_LINE = "id-header-line", Error,
        "The signature was made over the whole header line, with the header's name.",
        "Sign only the value of X-PerfectGym-Request.",
        "The line was not split at the colon.";
    ID_LIST = "id-list", Error,
        "The signature was made over the request id in a list, such as [\"…\"].",
        "Use the first value of the header for signing.",
        "Many frameworks keep a header's values as a list, and formatting the list adds brackets and quotes.";
    ID_NUMBER = "id-number", Error,
        "The signature was made over the request id after it was converted to a number.",
        "Keep the id as text.",
        "parseInt, (int) and numeric columns keep only the leading digits; a UUID can also be one large number.";
    ID_OTHER_HEADER = "id-other-header", Error,
        "The signature was made over the value of another header in place of the request id.",
        "Sign the value of X-PerfectGym-Request.",
        "Proxies add ids of their own, such as X-Request-Id or X-Amzn-Trace-Id, and frameworks offer them under similar names.";
    ID_PRINTED = "id-printed", Error,
        "The signature was made over the request id as a program prints it, such as b'…' or Some(\"…\").",
        "Decode or unwrap the value before it is joined with the secret.",
        "Formatting bytes, an optional value or an object into a text adds what the language needs to show its type.";
    ID_SPACES = "id-spaces", Error,
        "The signature was made over the request id with white space or an invisible character added or removed.",
        "Trim the id on both sides. HTTP removes such space, so it was added by hand, by a script, or by the tool that saved the capture.",
        "A line break after the id is typical of a script that reads it from a command and does not strip it.";
    ID_TEMPLATE = "id-template", Error,
        "The signature was made over a template or a name in place of the request id.",
        "Check the quotes and the syntax of the template in the signer's code.",
        "A template in the wrong kind of quotes stays as it is, such as ${requestId}.";
    ID_URN = "id-urn", Error,
        "The signature was made over the request id with or without urn:uuid: before it, unlike the captured one.",
        "Sign the id's exact characters: uuid.urn in Python adds the prefix.",
        "Some libraries write a UUID as a URN.";
    ID_WORD = "id-word", Error,
        "The signature was made over a word such as undefined in place of the request id.",
        "Check under which name the signer looks up X-PerfectGym-Request: frameworks change the case, or replace dashes.",
        "Programs write undefined, null or None where a header was not found, and hash that.";
}

super::findings! {
    SIGNATURE:
    HEADERS_SWAPPED = "headers-swapped", Error,
        "The signature is in the request id's header, and the id in the signature's.",
        "Swap the two values: X-PerfectGym-Request has the id, X-PerfectGym-Signature the 32 hex digits.",
        "This happens where the values are copied by hand from a tool's screen, or in a receiver that reads the two headers into the wrong variables. PGM does not do it.";
    SIGNATURE_ALTERED = "signature-altered", Error,
        "The signature differs from the right one in a single character, or in characters that look alike.",
        "Copy the value again instead of typing it.",
        "A digit was lost, added, swapped or misread, such as O for 0. A program does not do that: the value was typed or edited by hand.";
    SIGNATURE_BASE64 = "signature-base64", Error,
        "The digest is written in base64; PGM writes 32 hex digits.",
        "Write the digest in hex in the signer: digest('hex') in Node, hexdigest() in Python, Convert.ToHexString in .NET.",
        "Base64 of the 16 bytes has 24 characters and ends with ==. Power Automate, Make and .NET's Convert.ToBase64String write it. Base64 of the hex digits, as btoa makes it, has 44 characters; both, and base32, are recognized.";
    SIGNATURE_BYTE_ORDER = "signature-byte-order", Error,
        "The bytes or digits of the digest are in another order.",
        "Write the bytes in their order: Convert.ToHexString in .NET, not new Guid(hash).ToString().",
        "A .NET Guid made of the 16 bytes prints its first three groups in reverse; code that prints 32-bit words depends on the processor.";
    SIGNATURE_BYTES = "signature-bytes", Error,
        "The digest is written as bytes: a list of numbers, signed numbers such as ffffff91, escapes such as \\x91 or %91, or the raw bytes.",
        "Write the digest in hex in the signer: digest('hex') in Node, hexdigest() in Python, bin2hex in PHP, HexFormat.of().formatHex in Java.",
        "The program printed the bytes of the digest instead of converting them to hex.";
    SIGNATURE_CUT = "signature-cut", Error,
        "The signature is only a part of a digest.",
        "Send all 32 hex digits of MD5, and no other hash cut to that length.",
        "Some code keeps 16 of the 32 digits, or cuts a longer hash to the length of MD5. A database column that is too short does it, too, or a tool that shows only the start of a value.";
    SIGNATURE_DASHES = "signature-dashes", Error,
        "The digest is written with separators between its bytes; PGM writes 32 hex digits and nothing else.",
        "Remove the separators: BitConverter.ToString(hash).Replace(\"-\", \"\") in .NET.",
        "BitConverter.ToString of .NET writes AB-CD-EF, upper case with dashes; other tools write colons or spaces. A UUID made from the digest, as by UUID.nameUUIDFromBytes of Java, has dashes, and a version in place of some of its bits.";
    SIGNATURE_ESCAPED = "signature-escaped", Error,
        "The header's value was URL-escaped or HTML-escaped on the way, or ends with an escaped line break such as \\n.",
        "Take the value before it is escaped, or decode it once.",
        "A form or query string escapes +, / and = of a base64 value as %2B, %2F and %3D. Some tools save headers that way. Functions that wrap base64 into lines add a line break at its end.";
    SIGNATURE_HEX_TWICE = "signature-hex-twice", Error,
        "The hex digits of the digest were written in hex once more.",
        "Convert the digest to hex once: hexdigest() and digest('hex') already return hex digits.",
        "The hex digits were taken as bytes and converted again, which doubles their number.";
    SIGNATURE_NUMBER = "signature-number", Error,
        "The digest is written as a number.",
        "Write the bytes in hex: HexFormat.of().formatHex in Java, not BigInteger.toString.",
        "A digest read as one large number prints in decimal, with a minus sign when it is taken as signed, or rounded (1.2e+38) when it is a number of JavaScript.";
    SIGNATURE_PREFIXED = "signature-prefixed", Error,
        "Other text stands beside the digest, such as md5=, sha256=, \\x, the request id or t=…,v1=; PGM sends only the 32 hex digits.",
        "Send the bare digest. If your receiver expects such a form, it was written for another product's webhooks.",
        "GitHub, Stripe, Slack, Svix and others put an algorithm, a version or a time before the digest. PGM does not.";
    SIGNATURE_PRINTED = "signature-printed", Error,
        "The digest is written as a program prints a value, such as b'…' or [\"…\"].",
        "Decode or unwrap the value before it is sent.",
        "Formatting bytes, an optional value or a list into a text adds what the language needs to show its type.";
    SIGNATURE_QUOTED = "signature-quoted", Error,
        "The digest is in quotes.",
        "Remove the quotes: the tool wrote the value as JSON text, or the signer sent it so.",
        "A program that serializes a header's value as JSON adds quotes to it. A receiver that compares texts will not match.";
    SIGNATURE_TOOL_OUTPUT = "signature-tool-output", Error,
        "The whole output of a tool such as md5sum or openssl was sent.",
        "Keep only the digest: md5sum | cut -c-32, or openssl dgst -md5 -r | cut -d' ' -f1.",
        "md5sum adds the file's name or a dash, openssl writes MD5(stdin)= before the digest, and Get-FileHash prints a table.";
    SIGNATURE_WHITESPACE = "signature-whitespace", Error,
        "The digest has white space or invisible characters around or in it.",
        "Trim the value. HTTP removes such space, so it comes from the tool that saved the capture, or from a copy by hand.",
        "Space and line breaks at the ends of a header's value are not part of it in HTTP. They are added by copying from a screen, or when a program appends what it read with its line break.";
    SIGNATURE_ZEROS_LOST = "signature-zeros-lost", Error,
        "The digest lacks zeros: leading ones, or those of bytes below 16.",
        "Write each byte with two digits: %02x, toString(16).padStart(2, '0'), or HexFormat.",
        "BigInteger.toString(16) drops leading zeros, and toString(16) for each byte writes 5 instead of 05. It fails only for some requests, which makes it hard to find.";
    SIGNATURE_NOT_COMPUTED = "signature-not-computed", Error,
        "The signature is what a program prints of an object or of a template, not of a digest.",
        "Call the function that returns the digest as hex text, and await it: hexdigest(), digest('hex').",
        "A hash object, a promise, a byte array or a function was sent in place of its value, or a template was not filled in. The digest cannot be recovered from it.";
    SIGNATURE_PASSWORD_HASH = "signature-password-hash", Error,
        "The signature is a password hash, such as bcrypt or argon2; PGM's is MD5 of the request id, a colon and the secret.",
        "Use MD5 of id:secret, in hex.",
        "Password hashes contain a random salt, so they differ each time and cannot be compared like this.";
    SIGNATURE_TOKEN = "signature-token", Error,
        "The signature is a token, such as a JWT or an Authorization value, not a digest.",
        "Check that the value comes from the header X-PerfectGym-Signature.",
        "Another header was taken, or the request is from another product: PerfectGym Next sends an API key, gateways send JWTs.";
    SIGNATURE_IS_SECRET = "signature-is-secret", Error,
        "The signature shows the secret itself: as text, in base64 or in hex.",
        "Hash the request id, a colon and the secret, and send the digest. Then change the secret in PGM: whoever saw this request knows it.",
        "A signature proves that the sender knows the secret without showing it. Here a program sent the secret in its place, as other products do with an API key or a password, so it is in the logs of everything that the request passed.";
    SIGNATURE_MALFORMED = "signature-malformed", Error,
        "The signature is not the text of a digest: PGM's has 32 hex digits.",
        "Check where the value comes from: is it the header X-PerfectGym-Signature, whole and unchanged?",
        "MD5 has 16 bytes, so 32 hex digits; other known digests have 4, 20, 28, 32, 40, 48 or 64 bytes, in hex or base64. The value is none of these in any known form, so no calculation can result in it. Often another header or an API key was taken instead (PerfectGym Next, another product, sends an API key).";
}
