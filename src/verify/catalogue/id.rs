//! The signature was made over another spelling of the request id.

super::catalogue! {
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
}
