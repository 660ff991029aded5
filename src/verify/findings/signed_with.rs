//! The signature was made with another form of the secret.

super::findings! {
    SIGNED_WITH:
    SIGNED_WITHOUT_SECRET = "signed-without-secret", Error,
        "The signature was made with an empty secret, or with a word such as undefined in its place.",
        "If PGM signs, the webhook has no secret there: set one. If a program of yours signs, it did not find its secret: check the name of the variable.",
        "MD5 of the id and a colon alone is the result of an empty secret. Programs write undefined, null, None, [object Promise] or System.Byte[] where a value is missing or was not converted to text, and log filters write <redacted>; all of these get hashed.";
    SIGNED_WITH_PLACEHOLDER = "signed-with-placeholder", Error,
        "The signature was made with a placeholder or with a template that was not filled in, not with the secret.",
        "Check the quotes and the syntax of the template in the signer's code or configuration: ${…} needs backticks in JavaScript, f'…' in Python and $\"…\" in C#.",
        "A template in the wrong kind of quotes stays as it is, and a configuration that no tool processed keeps its {{secret}}. The text is the same for every request.";
    SIGNED_WITH_NEWLINE = "signed-with-newline", Error,
        "The signature was made with a line break at the end, which the secret you gave does not have.",
        "If a script of yours signs, use printf %s or echo -n instead of echo. If PGM signs, the secret in PGM ends with a line break: enter it again.",
        "echo \"$id:$secret\" | md5sum hashes the line break of echo as well. In PGM, a secret that was pasted with its line break keeps it.";
    SIGNED_WITH_CRLF = "signed-with-crlf", Error,
        "The signature was made with a Windows line break (CR LF) or a carriage return at the end, which the secret you gave does not have.",
        "Remove the line break where the signer reads the secret, or enter the secret in PGM again.",
        "The signer reads the secret from a file written on Windows, or the secret was pasted into PGM with its line break.";
    SIGNED_WITH_SPACES = "signed-with-spaces", Error,
        "The signature was made with white space around the secret, which the one you gave does not have.",
        "Enter the secret in PGM again without the space, or give it with the space.",
        "A space or tab was pasted into PGM together with the secret and counts there. A receiver that trims its own copy never matches.";
    SIGNED_WITH_QUOTES = "signed-with-quotes", Error,
        "The signature was made with quotes around the secret, which the one you gave does not have.",
        "Remove the quotes where the signer gets the secret: in PGM's form, or in its .env file.",
        "The quotes were pasted into PGM's form, or the signer's configuration keeps them as part of the value.";
    SIGNED_WITH_PRINTED = "signed-with-printed", Error,
        "The signature was made with the secret as a program prints it, such as b'…', Some(\"…\") or a list of bytes, not with its text.",
        "Decode or unwrap the value before it is joined with the id: .decode() in Python, .unwrap() in Rust, .get() in Java.",
        "Formatting bytes, an optional value or a list into a text adds what the language needs to show its type.";
    SIGNED_WITH_BOM = "signed-with-bom", Error,
        "The signature was made with a byte order mark (BOM) before the secret, which the one you gave does not have.",
        "Save the signer's secret file as UTF-8 without BOM.",
        "The signer read the secret from a file of Notepad or Windows PowerShell, whose first three bytes (EF BB BF) are invisible.";
    SIGNED_WITH_NUL = "signed-with-nul", Error,
        "The signature was made with a NUL byte or another invisible character beside the secret, which the one you gave does not have.",
        "Hash strlen bytes, not sizeof; trim what the signer reads.",
        "C texts end with a NUL byte that is not part of them, and sizeof counts it.";
    SIGNED_WITH_PADDED = "signed-with-padded", Error,
        "The signature was made with the secret filled up to a fixed length with spaces or NUL bytes.",
        "Trim the secret where the signer reads it: a CHAR column or a fixed buffer fills it up.",
        "CHAR columns of databases fill a value up with spaces, fixed buffers with NUL bytes.";
    SIGNED_WITH_PREFIX = "signed-with-prefix", Error,
        "The signature was made with a prefix such as whsec_ or Bearer before the secret, or with a punctuation mark after it, which the one you gave does not have.",
        "Use the bare secret in the signer, or enter the same text in PGM and here.",
        "Code that was made for another product's secrets adds or keeps its prefix.";
    SIGNED_WITH_TWICE = "signed-with-twice", Error,
        "The signature was made with the secret repeated.",
        "Enter the secret once where the signer gets it: it was probably pasted twice.",
        "An input field that hides what is typed does not show that a text was pasted twice.";
    SIGNED_WITH_EXPANDED = "signed-with-expanded", Error,
        "The signature was made with a part of the secret: its special characters, such as $, # or a space, were interpreted and lost on the signer's side.",
        "Put the secret into single quotes where the signer reads it, or choose one of letters and digits.",
        "Shells and dotenv-expand replace $name by nothing, readers of .env and YAML files end a value at #, and shells remove backslashes and quotes.";
    SIGNED_WITH_SHELL_ESCAPED = "signed-with-shell-escaped", Error,
        "The signature was made with the secret as it is escaped for a shell or a compose file, such as $$ or \\$.",
        "Write the plain secret where nothing unescapes it.",
        "docker compose needs $$ for $, batch files %% for %, shells a backslash. Where no such program reads the value, the escape becomes part of it.";
    SIGNED_WITH_URL_ESCAPED = "signed-with-url-escaped", Error,
        "The signature was made with the secret in its URL-escaped form.",
        "Use the plain secret in the signer: no encodeURIComponent before the hash.",
        "A program escaped the secret for a URL or form and hashed the result.";
    SIGNED_WITH_HTML_ESCAPED = "signed-with-html-escaped", Error,
        "The signature was made with the secret in its HTML-escaped form.",
        "Use the plain secret in the signer, or choose one without &, <, > and quotes.",
        "A web form or template escaped the secret when it was stored. A secret of letters and digits avoids the question.";
    SIGNED_WITH_JSON_ESCAPED = "signed-with-json-escaped", Error,
        "The signature was made with the secret as JSON writes it, with backslashes before some characters.",
        "Use the plain secret in the signer: no JSON.stringify before the hash.",
        "A program wrote the secret as JSON and hashed what stands between the quotes.";
    SIGNED_WITH_BASE64 = "signed-with-base64", Error,
        "The signature was made with the base64 form of the secret.",
        "Decode the secret first in the signer, or give it in base64 here too.",
        "The signer reads the secret from a place that stores base64, such as a Kubernetes secret, and does not decode it.";
    SIGNED_WITH_HEX = "signed-with-hex", Error,
        "The signature was made with the hex form of the secret.",
        "Use the secret's text as it is in the signer.",
        "A program converted the secret to hex before it hashed it.";
    SIGNED_WITH_UTF16 = "signed-with-utf16", Error,
        "The signature was made over UTF-16, not UTF-8.",
        "Hash UTF-8 in the signer: Encoding.UTF8.GetBytes in .NET, not Encoding.Unicode.",
        "Encoding.Unicode of .NET, SQL Server's HASHBYTES over nvarchar and PowerShell's default are UTF-16. Either the whole text or only the secret was encoded so, with or without a byte order mark. Which encoding PGM uses for non-ASCII secrets is not documented.";
    SIGNED_WITH_UTF32 = "signed-with-utf32", Error,
        "The signature was made over UTF-32, not UTF-8.",
        "Hash UTF-8 in the signer: Encoding.UTF8.GetBytes in .NET, text.encode() in Python.",
        "Encoding.UTF32 of .NET and wchar_t of C on Unix have four bytes per character.";
    SIGNED_WITH_LATIN1 = "signed-with-latin1", Error,
        "The signature was made with the secret in an encoding with one byte per letter (Latin-1, Latin-2, Windows-1250 or 1252, code page 850 or 852, or ASCII with other letters replaced or cut), not UTF-8.",
        "Use a secret of ASCII letters and digits, which all encodings have in common.",
        "Letters such as é or ł have one byte there and two in UTF-8. Windows programs and consoles use code pages; Encoding.ASCII of .NET writes question marks; 'binary' of Node keeps only the low eight bits. Which encoding PGM uses is not documented.";
    SIGNED_WITH_MISREAD = "signed-with-misread", Error,
        "The signature was made with the secret read in the wrong encoding: UTF-8 taken for Latin-1 and encoded again.",
        "Read the secret as UTF-8 in the signer, or use one of ASCII letters and digits.",
        "A program read the bytes of UTF-8 as single letters and encoded these once more.";
    SIGNED_WITHOUT_ACCENTS = "signed-without-accents", Error,
        "The signature was made with the secret without its accents, such as resume for résumé.",
        "Use a secret of ASCII letters and digits.",
        "A form, a database or an export transliterated the secret to ASCII.";
    SIGNED_WITH_REPLACED = "signed-with-replaced", Error,
        "The signature was made with the secret after its non-ASCII letters were replaced by another character.",
        "Read the secret as UTF-8 in the signer, or use one of ASCII letters and digits.",
        "Decoders write U+FFFD for bytes that they cannot read, and filters write _ for letters that they do not allow.";
    SIGNED_WITH_OTHER_CASE = "signed-with-other-case", Error,
        "The signature was made with the secret in another letter case: all upper or all lower.",
        "Use the secret exactly as PGM's copy button copies it, and do not change its case in a configuration.",
        "Configuration tools and some databases change the case of values. The signature depends on each character.";
    SIGNED_WITH_HASHED_SECRET = "signed-with-hashed-secret", Error,
        "The signature was made with a hash of the secret in place of the secret.",
        "Use the secret's text itself in the signer.",
        "Some programs store only a hash of a secret and sign with that by mistake.";
    SIGNED_WITH_REVERSED = "signed-with-reversed", Error,
        "The signature was made with the secret written backwards.",
        "Use the secret's text as it is in the signer.",
        "A byte array was filled from the wrong end.";
}
