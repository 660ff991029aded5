//! The signature was made over another text than the captured request id; or the digest is right,
//! or nearly right, but its form is not.

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
        "Take one value of the header: a framework or proxy joined two copies of it.",
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
        "Take the first value of the header before signing.",
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
        "The digest is right but written in base64; PGM writes 32 hex digits.",
        "Write the digest in hex in the signer: digest('hex') in Node, hexdigest() in Python, Convert.ToHexString in .NET.",
        "Base64 of the 16 bytes has 24 characters and ends with ==. Power Automate, Make and .NET's Convert.ToBase64String write it. Base64 of the hex digits, as btoa makes it, has 44 characters; both, and base32, are recognized.";
    SIGNATURE_BYTE_ORDER = "signature-byte-order", Error,
        "The digest is right but its bytes or digits are in another order.",
        "Write the bytes in their order: Convert.ToHexString in .NET, not new Guid(hash).ToString().",
        "A .NET Guid made of the 16 bytes prints its first three groups in reverse; code that prints 32-bit words depends on the processor.";
    SIGNATURE_BYTES = "signature-bytes", Error,
        "The digest is right but written as bytes: a list of numbers, escapes such as \\x91, or the raw bytes.",
        "Write the digest in hex in the signer: digest('hex') in Node, hexdigest() in Python, bin2hex in PHP.",
        "The program printed the bytes of the digest instead of converting them to hex.";
    SIGNATURE_CUT = "signature-cut", Error,
        "The signature is only a part of a digest.",
        "Send all 32 hex digits of MD5, and no other hash cut to that length.",
        "Some code keeps 16 of the 32 digits, or cuts a longer hash to the length of MD5. A database column that is too short does it, too.";
    SIGNATURE_DASHES = "signature-dashes", Error,
        "The digest is right but written with separators between its bytes; PGM writes 32 hex digits and nothing else.",
        "Remove the separators: BitConverter.ToString(hash).Replace(\"-\", \"\") in .NET.",
        "BitConverter.ToString of .NET writes AB-CD-EF, upper case with dashes; other tools write colons or spaces.";
    SIGNATURE_ESCAPED = "signature-escaped", Error,
        "The digest is right but the header's value was URL-escaped or HTML-escaped on the way.",
        "Take the value before it is escaped, or decode it once.",
        "A form or query string escapes +, / and = of a base64 value as %2B, %2F and %3D. Some tools save headers that way.";
    SIGNATURE_HEX_TWICE = "signature-hex-twice", Error,
        "The digest is right but its hex digits were written in hex once more.",
        "Convert the digest to hex once: hexdigest() and digest('hex') already return hex digits.",
        "The hex digits were taken as bytes and converted again, which doubles their number.";
    SIGNATURE_NUMBER = "signature-number", Error,
        "The digest is right but written as a number.",
        "Write the bytes in hex: HexFormat.of().formatHex in Java, not BigInteger.toString.",
        "A digest read as one large number prints in decimal, or with a minus sign when it is taken as signed.";
    SIGNATURE_PREFIXED = "signature-prefixed", Error,
        "The digest is right but other text stands beside it, such as md5=, sha256= or t=…,v1=; PGM sends only the 32 hex digits.",
        "Send the bare digest. If your receiver expects such a form, it was written for another product's webhooks.",
        "GitHub, Stripe, Slack, Svix and others put an algorithm, a version or a time before the digest. PGM does not.";
    SIGNATURE_PRINTED = "signature-printed", Error,
        "The digest is right but written as a program prints a value, such as b'…' or [\"…\"].",
        "Decode or unwrap the value before it is sent.",
        "Formatting bytes, an optional value or a list into a text adds what the language needs to show its type.";
    SIGNATURE_QUOTED = "signature-quoted", Error,
        "The digest is right but in quotes.",
        "Remove the quotes: the tool wrote the value as JSON text, or the signer sent it so.",
        "A program that serializes a header's value as JSON adds quotes to it. A receiver that compares texts will not match.";
    SIGNATURE_TOOL_OUTPUT = "signature-tool-output", Error,
        "The digest is right but the whole output of a tool such as md5sum or openssl was sent.",
        "Keep only the digest: md5sum | cut -c-32, or openssl dgst -md5 -r | cut -d' ' -f1.",
        "md5sum adds the file's name or a dash, openssl writes MD5(stdin)= before the digest, and Get-FileHash prints a table.";
    SIGNATURE_WHITESPACE = "signature-whitespace", Error,
        "The digest is right but has white space or invisible characters around or in it.",
        "Trim the value. HTTP removes such space, so it comes from the tool that saved the capture, or from a copy by hand.",
        "Space and line breaks at the ends of a header's value are not part of it in HTTP. They are added by copying from a screen, or when a program appends what it read with its line break.";
    SIGNATURE_ZEROS_LOST = "signature-zeros-lost", Error,
        "The digest is right but lacks zeros: leading ones, or those of bytes below 16.",
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
    SIGNATURE_MALFORMED = "signature-malformed", Error,
        "The signature is not the text of a digest: PGM's has 32 hex digits.",
        "Check where the value comes from: is it the header X-PerfectGym-Signature, whole and unchanged?",
        "MD5 has 16 bytes, so 32 hex digits; other known digests have 4, 20, 28, 32, 40, 48 or 64 bytes, in hex or base64. The value is none of these in any known form, so no calculation can result in it. Often another header or an API key was taken instead (PerfectGym Next, another product, sends an API key).";
}
