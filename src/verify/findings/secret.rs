//! The secret that was given differs from the one that the signature was made with.

super::findings! {
    SECRET:
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
}
