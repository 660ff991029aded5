//! The signature was made over another text than the captured request id.

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
