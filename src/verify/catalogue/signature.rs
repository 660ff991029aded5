//! The right digest, written in another way, or headers mixed up.

super::catalogue! {
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
}
