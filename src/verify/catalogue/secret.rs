//! The secret: what the given one has too much or too little of.

super::catalogue! {
    OTHER_SECRET = "other-secret", Error,
        "The signature was made with the secret of another webhook.",
        "Give the secret of the webhook that calls this URL, or change the URL of the other webhook in PGM.",
        "PGM's list can hold many webhooks, each with a secret of its own, and \"Test all webhooks\" calls them all. The signature fits a secret that is known but was not expected here: two webhooks have the same URL, or the secrets of two (test and production, club and club) were mixed up.";
    SECRET_NEWLINE = "secret-newline", Error,
        "The secret you gave ends with a line break; the signature was made without it.",
        "Write it with printf, not echo: printf %s 'the secret' > secret.txt. An editor adds a line break as well when it saves.",
        "echo, here-documents and most editors end a text with a line break, and a program that reads the whole file takes it as a part of the secret. It cannot be seen on a screen, and every signature comes out wrong.";
    SECRET_CRLF = "secret-crlf", Error,
        "The secret you gave ends with a Windows line break (CR LF) or a carriage return; the signature was made without it.",
        "Write it without a line break: [IO.File]::WriteAllText('secret.txt', 'the secret') in PowerShell; or convert the file with dos2unix.",
        "Files written on Windows end their lines with two characters. Tools made for Unix take away only the second, and the first stays in the secret.";
    SECRET_SPACES = "secret-spaces", Error,
        "The secret you gave has white space at its beginning or end; the signature was made without it.",
        "Copy the secret anew with PGM's copy button, and look at both ends where it is stored.",
        "A selection with the mouse easily takes a space or tab with it, and a YAML or .env file keeps what stands behind the value.";
    SECRET_QUOTES = "secret-quotes", Error,
        "The secret you gave stands in quotes; the signature was made without them.",
        "Take the quotes away where the secret is stored: docker --env-file and many .env readers take them as part of the value.",
        "A shell strips quotes; docker --env-file, systemd, CI variables and many configuration screens do not. Typographic quotes come from word processors.";
    SECRET_BOM = "secret-bom", Error,
        "The secret you gave begins with a byte order mark (BOM); the signature was made without it.",
        "Save the file as UTF-8 without BOM. In Windows PowerShell 5, Out-File and > write one: use [IO.File]::WriteAllText instead.",
        "Notepad and Windows PowerShell put three invisible bytes (EF BB BF) before a UTF-8 text. Read as bytes they are part of the secret.";
    SECRET_INVISIBLE = "secret-invisible", Error,
        "The secret you gave has invisible characters in it (a zero-width space, a no-break space or a NUL); the signature was made without them.",
        "Copy the secret anew with PGM's copy button, not from a chat, a web page or a document.",
        "Chats and web pages put zero-width and no-break spaces into long words. C programs may add a NUL byte at the end.";
    SECRET_ESCAPED_NEWLINE = "secret-escaped-newline", Error,
        "The secret you gave ends with the two characters \\n (backslash and n); the signature was made without them.",
        "Take the \\n away where the secret is stored.",
        "A line break that was escaped for JSON, YAML or .env and never unescaped stays as two visible characters.";
    SECRET_ENV_LINE = "secret-env-line", Error,
        "The secret you gave is a whole line such as NAME=secret; the signature was made with what stands behind the = or the colon.",
        "Put only the value into the file, or point to the variable instead of the file.",
        "A .env file was given where a file that holds only the secret is expected, or a line was copied with its name.";
    SECRET_LINES = "secret-lines", Error,
        "The secret you gave has several lines; the signature was made with one of them.",
        "Put only the secret into the file.",
        "A file with a comment, or with the secrets of several webhooks, was given as one secret.";
    SECRET_URL_ESCAPED = "secret-url-escaped", Error,
        "The secret you gave is URL-escaped (%2B and the like); the signature was made with the plain one.",
        "Decode it once: PGM's copy button gives the plain text.",
        "Copied out of a URL, a form or a connection string, +, /, =, & and spaces are escaped. The signature is made over the plain text.";
    SECRET_HTML_ESCAPED = "secret-html-escaped", Error,
        "The secret you gave is HTML-escaped (&amp; and the like); the signature was made with the plain one.",
        "Replace &amp; by &, &lt; by <, &quot; by \" and so on, or use PGM's copy button.",
        "Copied out of a page's source or an XML file, some characters are escaped.";
    SECRET_JSON_ESCAPED = "secret-json-escaped", Error,
        "The secret you gave is escaped as in JSON or source code (\\\", \\\\, \\u0142); the signature was made with the plain one.",
        "Unescape it once, or read the file with a JSON reader.",
        "Copied out of a JSON or source file between its quotes, backslashes stand before some characters.";
    SECRET_BASE64 = "secret-base64", Error,
        "The secret you gave is base64; the signature was made with what it decodes to.",
        "Decode it first: base64 -d. A Kubernetes secret shows its values in base64.",
        "kubectl get secret -o yaml and some vaults show base64. The signature was made with the decoded bytes.";
    SECRET_HEX = "secret-hex", Error,
        "The secret you gave is hex; the signature was made with the bytes that it stands for.",
        "Decode it first: xxd -r -p.",
        "Some vaults and generators show random bytes in hex. PGM itself, as far as is known, takes the text as it is.";
    SECRET_MISREAD = "secret-misread", Error,
        "The secret you gave was read in the wrong encoding: its non-ASCII letters were turned into two or three wrong ones; the signature was made with the right ones.",
        "Save and read the secret as UTF-8 all the way.",
        "UTF-8 bytes that were read as Latin-1 or Windows-1252 and written as UTF-8 again show ł as Å‚.";
    SECRET_UTF16 = "secret-utf16", Error,
        "The secret you gave is UTF-16 text; the signature was made with it in UTF-8.",
        "Save the file as UTF-8 without BOM. In Windows PowerShell 5, > and Out-File write UTF-16: use [IO.File]::WriteAllText instead.",
        "Every second byte of such a file is a zero for English text. It looks right in an editor, and every signature comes out wrong.";
    SIGNED_WITH_NEWLINE = "signed-with-newline", Error,
        "The signature was made with a line break at the end, which the secret you gave does not have.",
        "If a script of yours signs, use printf %s or echo -n instead of echo. If PGM signs, the secret in PGM ends with a line break: set it anew.",
        "echo \"$id:$secret\" | md5sum hashes the line break of echo as well. In PGM, a secret that was pasted with its line break keeps it.";
    SIGNED_WITH_CRLF = "signed-with-crlf", Error,
        "The signature was made with a Windows line break (CR LF) or a carriage return at the end, which the secret you gave does not have.",
        "Take the line break away where the signer reads the secret, or set the secret in PGM anew.",
        "The signer reads the secret from a file made on Windows, or the secret was pasted into PGM with its line break.";
    SIGNED_WITH_SPACES = "signed-with-spaces", Error,
        "The signature was made with white space around the secret, which the one you gave does not have.",
        "Set the secret in PGM anew, without the space; or give it with the space.",
        "A space or tab was pasted into PGM together with the secret and counts there. A receiver that trims its own copy never matches.";
    SIGNED_WITH_QUOTES = "signed-with-quotes", Error,
        "The signature was made with quotes around the secret, which the one you gave does not have.",
        "Take the quotes away where the signer gets the secret: in PGM's form, or in its .env file.",
        "The quotes were pasted into PGM's form, or the signer's configuration keeps them as part of the value.";
    SIGNED_WITH_BOM = "signed-with-bom", Error,
        "The signature was made with a byte order mark (BOM) before the secret, which the one you gave does not have.",
        "Save the signer's secret file as UTF-8 without BOM.",
        "The signer read the secret from a file of Notepad or Windows PowerShell, whose first three bytes (EF BB BF) nobody sees.";
    SIGNED_WITH_URL_ESCAPED = "signed-with-url-escaped", Error,
        "The signature was made with the secret in its URL-escaped form.",
        "Have the signer use the plain secret: no encodeURIComponent before the hash.",
        "A program escaped the secret for a URL or form and hashed the result.";
    SIGNED_WITH_HTML_ESCAPED = "signed-with-html-escaped", Error,
        "The signature was made with the secret in its HTML-escaped form.",
        "Have the signer use the plain secret; or choose one without &, <, > and quotes.",
        "A web form or template escaped the secret when it was stored. A secret of letters and digits avoids the question.";
    SIGNED_WITH_JSON_ESCAPED = "signed-with-json-escaped", Error,
        "The signature was made with the secret as JSON writes it, with backslashes before some characters.",
        "Have the signer use the plain secret: no JSON.stringify before the hash.",
        "A program wrote the secret as JSON and hashed what stands between the quotes.";
    SIGNED_WITH_BASE64 = "signed-with-base64", Error,
        "The signature was made with the base64 form of the secret.",
        "Have the signer decode the secret first, or give it in base64 here too.",
        "The signer reads the secret from a place that keeps base64, such as a Kubernetes secret, and does not decode it.";
    SIGNED_WITH_HEX = "signed-with-hex", Error,
        "The signature was made with the hex form of the secret.",
        "Have the signer use the secret's text as it is.",
        "A program turned the secret into hex before it hashed it.";
    SIGNED_WITH_UTF16 = "signed-with-utf16", Error,
        "The signature was made over UTF-16, not UTF-8.",
        "Have the signer hash UTF-8: Encoding.UTF8.GetBytes in .NET, not Encoding.Unicode.",
        "Encoding.Unicode of .NET, SQL Server's HASHBYTES over nvarchar and PowerShell's default are UTF-16. Either the whole text or the secret alone was encoded so. Which encoding PGM uses for non-ASCII secrets is not documented.";
    SIGNED_WITH_LATIN1 = "signed-with-latin1", Error,
        "The signature was made with the secret in an encoding of one byte a letter (Latin-1, Windows-1252, Windows-1250 or ASCII with question marks), not UTF-8.",
        "Use a secret of ASCII letters and digits, which all encodings agree on.",
        "Letters such as é or ß have one byte there and two in UTF-8. Which encoding PGM uses for them is not documented.";
    SIGNED_WITH_MISREAD = "signed-with-misread", Error,
        "The signature was made with the secret read in the wrong encoding: UTF-8 taken for Latin-1 and encoded again.",
        "Have the signer read the secret as UTF-8; or use one of ASCII letters and digits.",
        "A program read the bytes of UTF-8 as single letters and encoded these once more.";
    SIGNED_WITH_OTHER_CASE = "signed-with-other-case", Error,
        "The signature was made with the secret in other case: all upper or all lower.",
        "Give the secret exactly as PGM's copy button does, and do not change its case in a configuration.",
        "Configuration tools and some databases change the case of values. The signature covers each character.";
    SIGNED_WITH_HASHED_SECRET = "signed-with-hashed-secret", Error,
        "The signature was made with a hash of the secret in the secret's place.",
        "Have the signer use the secret's text itself.",
        "Some programs keep only a hash of a secret and sign with that by mistake.";
    SIGNED_WITHOUT_SECRET = "signed-without-secret", Error,
        "The signature was made with an empty secret, or with a word such as undefined in its place.",
        "If PGM signs, the webhook has no secret there: set one. If a program of yours signs, it did not find its secret: look at the name of the variable.",
        "MD5 of the id and a colon alone is what comes out when the secret is empty. Programs write undefined, null or None where a variable is not set, and hash that.";
}
