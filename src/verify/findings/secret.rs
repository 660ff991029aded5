//! A secret is the cause: that which was given, or that which the signature was made with.

super::findings! {
    SECRET:
    OTHER_SECRET = "other-secret", Error,
        "The signature was made with the secret of another webhook.",
        "Give the secret of the webhook that calls this URL, or change the URL of the other webhook in PGM.",
        "PGM can have many webhooks, each with its own secret, and \"Test all webhooks\" calls all of them. The signature matches a secret that is known but not accepted here: two webhooks have the same URL, or two secrets were mixed up (test and production, one club and another).";
    SECRET_NEWLINE = "secret-newline", Error,
        "The secret you gave ends with a line break; the signature was made without it.",
        "Write it with printf, not echo: printf %s 'the secret' > secret.txt. Editors also add a line break when they save.",
        "echo, here-documents and most editors end a text with a line break, and a program that reads the whole file takes it as part of the secret. It cannot be seen on a screen, and every signature is wrong.";
    SECRET_CRLF = "secret-crlf", Error,
        "The secret you gave ends with a Windows line break (CR LF) or a carriage return; the signature was made without it.",
        "Write it without a line break: [IO.File]::WriteAllText('secret.txt', 'the secret') in PowerShell; or convert the file with dos2unix.",
        "Files written on Windows end lines with two characters. Tools made for Unix remove only the second one, and the first stays in the secret.";
    SECRET_SPACES = "secret-spaces", Error,
        "The secret you gave differs from the real one in white space, or in separators such as the dashes of a UUID; usually it has white space at its start or end.",
        "Copy the secret again with PGM's copy button, and check both ends where it is stored.",
        "Selecting text with the mouse often includes a space or tab, word processors and web pages insert other kinds of spaces, and a YAML or .env file keeps what follows the value. Some tools write a UUID without its dashes, or hex digits in groups.";
    SECRET_QUOTES = "secret-quotes", Error,
        "The secret you gave is in quotes or brackets; the signature was made without them.",
        "Remove the quotes where the secret is stored: docker --env-file and many .env readers take them as part of the value.",
        "A shell strips quotes; docker --env-file, systemd, CI variables and many configuration screens do not. Typographic quotes come from word processors.";
    SECRET_BOM = "secret-bom", Error,
        "The secret you gave starts with a byte order mark (BOM); the signature was made without it.",
        "Save the file as UTF-8 without BOM. In Windows PowerShell 5, Out-File and > write one: use [IO.File]::WriteAllText instead.",
        "Notepad and Windows PowerShell put three invisible bytes (EF BB BF) before UTF-8 text. Read as bytes, they are part of the secret.";
    SECRET_UTF16 = "secret-utf16", Error,
        "The secret you gave is UTF-16 text; the signature was made with it in UTF-8.",
        "Save the file as UTF-8 without BOM. In Windows PowerShell 5, > and Out-File write UTF-16: use [IO.File]::WriteAllText instead.",
        "In such a file every second byte is zero for English text. It looks right in an editor, and every signature is wrong.";
    SECRET_INVISIBLE = "secret-invisible", Error,
        "The secret you gave contains invisible characters, such as a zero-width space, a no-break space, a direction mark, a NUL or a terminal's escape sequence; the signature was made without them.",
        "Copy the secret again with PGM's copy button, not from a chat, a web page or a document.",
        "Chats and web pages put zero-width and no-break spaces into long words, and direction marks around texts. C programs may add a NUL byte at the end. Terminals put sequences around colored and pasted text.";
    SECRET_ESCAPED_NEWLINE = "secret-escaped-newline", Error,
        "The secret you gave ends with a backslash or with an escaped line break such as \\n, as visible characters; the signature was made without them.",
        "Remove the \\n where the secret is stored.",
        "A line break that was escaped for JSON, YAML or .env and never unescaped stays as two visible characters. A backslash at the end of a line joins it with the next one in a shell, not in a configuration file.";
    SECRET_JSON = "secret-json", Error,
        "The secret you gave is JSON; the signature was made with a value from it.",
        "Give only the value: jq -r .KEY, or the secret manager's option for a single key.",
        "AWS Secrets Manager, Vault and others store several keys in one secret and return them as JSON, such as {\"PGM_SECRET\":\"…\"}. In ECS and Kubernetes, the reference needs the name of the key.";
    SECRET_ENV_LINE = "secret-env-line", Error,
        "The secret you gave is a whole line or a piece of code, markup or a connection string, such as NAME=secret, env('NAME', 'secret') or <key>secret</key>; the signature was made with the value in it.",
        "Put only the value into the file, or refer to the variable instead of the file.",
        "A .env file was given where a file with only the secret is expected, or a line of code or configuration was copied together with its name.";
    SECRET_LINES = "secret-lines", Error,
        "The secret you gave has several lines; the signature was made with one of them, or with all of them joined.",
        "Put only the secret into the file, on one line.",
        "A file with a comment, or with the secrets of several webhooks, was given as one secret; or a long secret was wrapped over several lines.";
    SECRET_COMMENT = "secret-comment", Error,
        "The secret you gave is followed by a comment, another value or other text; the signature was made without it.",
        "Remove what follows the secret, or put it on a line of its own. If all of it is the secret, the signer's shell or configuration file ended the value at a character such as #: put it in quotes there.",
        "Readers of .env files disagree about comments after a value: docker --env-file and systemd keep them, dotenv removes them. A list of an old and a new secret, or a row of a table, has another value behind the first one.";
    SECRET_PREFIX = "secret-prefix", Error,
        "The secret you gave starts with a name such as whsec_, v1, or Bearer; the signature was made without it.",
        "Remove the prefix. PGM's secrets have none.",
        "Other products mark their secrets (whsec_, sk_), configurations mark encodings (base64:), and headers mark schemes (Bearer). Such a prefix was added to PGM's secret or copied together with it.";
    SECRET_PUNCTUATION = "secret-punctuation", Error,
        "The secret you gave has a mark at its end or start, such as ; or , or the % that zsh shows at the end of a text without a line break; the signature was made without it.",
        "Remove the mark where the secret is stored.",
        "A semicolon or comma comes along when a secret is copied out of source code, JSON or a sentence.";
    SECRET_TWICE = "secret-twice", Error,
        "The secret you gave is the real one repeated.",
        "Enter the secret once: it was probably pasted twice.",
        "An input field that hides what is typed does not show that a text was pasted twice.";
    SECRET_SHELL_ESCAPED = "secret-shell-escaped", Error,
        "The secret you gave is escaped as for a shell, a compose file, a .properties file or a mail, such as $$, \\$, %% or =3D; the signature was made with the plain one.",
        "Write the plain secret where nothing unescapes it, and the escaped one only where something does. If the mark belongs to the secret, a shell or a template took it away at the signer: quote the secret there.",
        "docker compose needs $$ for $, batch files need %% for %, shells need a backslash before special characters. In other places the escape is part of the value.";
    SECRET_URL_ESCAPED = "secret-url-escaped", Error,
        "The secret you gave was encoded or decoded for a URL or a form (%2B and the like, - and _ for + and /, a space for +); the signature was made with the plain one.",
        "Copy the secret with PGM's copy button, and do not encode or decode it. If a signer of yours made the signature, look there too.",
        "In URLs, forms and connection strings, +, /, =, & and spaces are escaped, and the URL-safe alphabet of base64 has - and _. A program that decodes a form makes a space of each +. The signature is made with the plain text.";
    SECRET_URL = "secret-url", Error,
        "The secret you gave is a URL; the signature was made with a part of it.",
        "Give only the secret, not the URL that contains it.",
        "A webhook's URL often carries a token in its query, which is not the webhook's secret; here it is the same.";
    SECRET_HTML_ESCAPED = "secret-html-escaped", Error,
        "The secret you gave is HTML-escaped (&amp; and the like); the signature was made with the plain one.",
        "Replace &amp; by &, &lt; by <, &quot; by \" and so on, or use PGM's copy button.",
        "In a page's source or an XML file, some characters are escaped.";
    SECRET_JSON_ESCAPED = "secret-json-escaped", Error,
        "The secret you gave is escaped as in JSON or source code (\\\", \\\\, \\/, \\u0142), or its backslashes were taken for escapes such as \\n; the signature was made with the plain one.",
        "Unescape it once, or read the file with a JSON reader. If it was not escaped, do not unescape it.",
        "Between the quotes of a JSON or source file, backslashes precede some characters.";
    SECRET_BASE64 = "secret-base64", Error,
        "The secret you gave is base64 or base32; the signature was made with what it decodes to.",
        "Decode it first: base64 -d. A Kubernetes secret shows its values in base64.",
        "kubectl get secret -o yaml and some vaults show base64. The signature was made with the decoded bytes, without a line break at their end or a user name before a colon.";
    SECRET_HEX = "secret-hex", Error,
        "The secret you gave is hex or a list of bytes; the signature was made with the bytes that it stands for.",
        "Decode it first: xxd -r -p.",
        "Some vaults and generators show random bytes in hex, and programs print bytes as lists. PGM itself, as far as is known, uses the text as it is.";
    SECRET_MISREAD = "secret-misread", Error,
        "The secret you gave was saved or read in the wrong encoding, which changed its non-ASCII letters; the signature was made with the right ones, in UTF-8.",
        "Save and read the secret as UTF-8 everywhere.",
        "UTF-8 bytes that were read as Latin-1, Windows-1250 or the code page of a console and written as UTF-8 again show ł as Å‚. A file in such an encoding is not UTF-8.";
    SECRET_UNICODE_FORM = "secret-unicode-form", Error,
        "The secret you gave has the same letters as the real one in another Unicode form: é as one character, or as e and an accent.",
        "Normalize it to NFC, or use a secret of ASCII letters and digits.",
        "macOS file names, PDF files and some keyboards decompose letters (NFD). The texts look the same and have different bytes.";
    SECRET_TYPOGRAPHY = "secret-typography", Error,
        "The secret you gave has typographic characters, such as an en dash or curly quotes; the signature was made with plain ones.",
        "Copy the secret from PGM, not from a document or a chat, and switch off smart punctuation.",
        "Word processors, mail programs and phones turn a hyphen into a dash, two hyphens into a long dash, three dots into an ellipsis and straight quotes into curly ones.";
    SECRET_OTHER_CASE = "secret-other-case", Error,
        "The secret you gave differs from the real one only in upper and lower case.",
        "Copy the secret with PGM's copy button, and do not change its case in a configuration.",
        "Phones capitalize the first letter, and configuration tools and some databases change the case of values. The signature depends on each character.";
    SECRET_KEYBOARD = "secret-keyboard", Error,
        "The secret you gave has the characters that the same keys write with another keyboard layout, such as y for z.",
        "Check the keyboard layout, or paste the secret instead of typing it.",
        "On a German keyboard, y and z are in each other's place, and most symbols are elsewhere; a British one exchanges @ and \".";
    SECRET_LOOKALIKE = "secret-lookalike", Error,
        "The secret you gave has characters that look like the real ones, such as O for 0, l for 1 or rn for m.",
        "Copy the secret with PGM's copy button instead of typing it.",
        "A secret that was read from a screen or from paper easily gets O and 0, l, 1 and I, or 5 and S mixed up. Some Cyrillic letters look the same as Latin ones.";
    SECRET_LETTERS_LOST = "secret-letters-lost", Error,
        "The secret you gave has question marks, replacement characters or plain letters in place of non-ASCII letters.",
        "Copy the secret again, and keep it in UTF-8 everywhere.",
        "A program converted the secret to an encoding that lacks these letters, or it was typed without its accents, such as o or oe for ö.";
    SECRET_INCOMPLETE = "secret-incomplete", Error,
        "The secret you gave lacks one or two characters at its start or end, the = at the end of base64, or some of its spaces, backslashes or other marks.",
        "Copy the secret again with PGM's copy button.",
        "Selecting text with the mouse easily misses the first or the last character. Code that splits a line at = loses those at the end of a value; chats and shells swallow _, * and backslashes.";
    SECRET_PART = "secret-part", Error,
        "The signature was made without the end, or without the start, of the secret you gave.",
        "Compare the length of the secret in PGM, in your configuration and in the signer's code.",
        "Either more was copied than the secret, or the signer cuts it: a database column, a form field or a key of fixed length.";
    SECRET_TYPO = "secret-typo", Error,
        "The secret you gave differs from the real one in one character: wrong, missing, added, or swapped with the next one.",
        "Copy the secret with PGM's copy button instead of typing it.",
        "A secret that was typed has typing errors. Which character it is is not shown, as the report may be read by others.";
    SECRET_PLACEHOLDER = "secret-placeholder", Warning,
        "The secret you gave may be a placeholder from an example.",
        "Give the secret from PGM: it has a copy button in the list of webhooks.",
        "Texts such as your-secret-here or changeme come from templates and documentation. If it is your real secret, choose another one: it is easy to guess.";
    SECRET_REFERENCE = "secret-reference", Warning,
        "The secret you gave may be a reference that was not resolved, such as ${NAME} or a path in a secret manager.",
        "Give the value, or check why the reference is not resolved: syntax, permissions, or a tool that does not support it.",
        "Shells, containers, CI systems and secret managers replace references by values. Where they do not, the reference itself is used as the secret: an Azure Key Vault reference without access, single quotes around $NAME, or a file that no template engine has processed.";
    SECRET_MISSING_VALUE = "secret-missing-value", Warning,
        "The secret you gave is a word that programs write for a missing value, so the real one may not have been found.",
        "Check the name of the variable that holds the secret, and whether the process gets it.",
        "undefined, null and None are what programs write where a variable is not set.";
    SECRET_MASKED = "secret-masked", Warning,
        "The secret you gave may be masked or cut off, such as **** or a text that ends with dots.",
        "Copy the value with the tool's copy button, not the text that it shows.",
        "CI systems and vaults mask secrets on screens and in logs.";
    SECRET_EXPANDED = "secret-expanded", Warning,
        "A part of the secret you gave may have been replaced when $name in it was expanded.",
        "Put the secret into single quotes, escape $ as the file's format wants it, or choose a secret without $.",
        "Shells, dotenv-expand and docker compose replace $name by the value of a variable: by nothing, or by a word such as undefined, when there is none. What stood there cannot be known.";
    SECRET_SHORT = "secret-short", Warning,
        "The secret you gave is very short and may have been cut off.",
        "Compare its length with the secret in PGM. Quote a secret that contains #, $ or spaces.",
        "Readers of .env and YAML files end a value at # or at a space, and expansion removes $name and what belongs to it. What is missing cannot be known.";
    SECRET_LETTERS_LOST_MAYBE = "secret-letters-replaced", Warning,
        "The secret you gave contains question marks or replacement characters, which may stand for letters that were lost.",
        "Copy the secret again, and keep it in UTF-8 everywhere.",
        "A program that converts text to an encoding without some of its letters writes ? or U+FFFD for them.";
    SECRET_IS_ANOTHER_VALUE = "secret-is-another-value", Warning,
        "The secret you gave may be another value: the request id or the signature of this capture, a private key, a password hash, a web page or the error message of a tool.",
        "Give the webhook's secret: it is in PGM's list of webhooks, not in the request. If a command prints it, run the command and look at its output.",
        "The secret is never sent. The request has the id and the signature, which differ from request to request. A command that fails prints its error where the secret should be.";
}

super::findings! {
    SIGNED_WITH:
    SIGNED_WITHOUT_SECRET = "signed-without-secret", Error,
        "The signature was made with an empty secret, or with a word such as undefined in its place.",
        "If PGM signs, the webhook has no secret there: set one. If a program of yours signs, it did not find its secret: check the name of the variable.",
        "MD5 of the id and a colon alone is the result of an empty secret. Programs write undefined, null, None, [object Promise] or System.Byte[] where a value is missing or was not converted to text, and log filters write <redacted>; all of these get hashed. Types that hide a secret print as stars or [REDACTED]: take its value (get_secret_value() of pydantic, expose_secret() of Rust's secrecy).";
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
        "The signature was made with quotes or brackets around the secret, which the one you gave does not have.",
        "Remove them where the signer gets the secret: in PGM's form, or in its .env file.",
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
        "The signature was made with a part of the secret: its special characters, such as $, # or a backslash, were interpreted and lost on the signer's side.",
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
        "The signature was made with the secret in an encoding with one byte per letter (Latin-1, Latin-2, Windows-1250 or 1252, code page 437, 850 or 852, or ASCII with other letters replaced or cut), not UTF-8.",
        "Hash the UTF-8 bytes in the signer (Encoding.UTF8 in .NET, StandardCharsets.UTF_8 in Java), or use a secret of ASCII letters and digits, which all encodings have in common.",
        "Letters such as é or ł have one byte there and two in UTF-8. Windows programs and consoles use code pages; Encoding.ASCII of .NET writes question marks; 'binary' of Node keeps only the low eight bits. Which encoding PGM uses is not documented.";
    SIGNED_WITH_MISREAD = "signed-with-misread", Error,
        "The signature was made with the secret read in the wrong encoding: UTF-8 taken for an encoding with one byte per letter, and encoded again.",
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
