//! The secret that was given is not the one that the signature was made with.

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
        "The secret you gave has white space that the real one does not have, usually at its start or end.",
        "Copy the secret again with PGM's copy button, and check both ends where it is stored.",
        "Selecting text with the mouse often includes a space or tab, word processors and web pages insert other kinds of spaces, and a YAML or .env file keeps what follows the value.";
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
        "The secret you gave contains invisible characters, such as a zero-width space, a no-break space, a direction mark or a NUL; the signature was made without them.",
        "Copy the secret again with PGM's copy button, not from a chat, a web page or a document.",
        "Chats and web pages put zero-width and no-break spaces into long words, and direction marks around texts. C programs may add a NUL byte at the end.";
    SECRET_ESCAPED_NEWLINE = "secret-escaped-newline", Error,
        "The secret you gave ends with a backslash or with an escaped line break such as \\n, as visible characters; the signature was made without them.",
        "Remove the \\n where the secret is stored.",
        "A line break that was escaped for JSON, YAML or .env and never unescaped stays as two visible characters. A backslash at the end of a line joins it with the next one in a shell, not in a configuration file.";
    SECRET_JSON = "secret-json", Error,
        "The secret you gave is JSON; the signature was made with a value from it.",
        "Give only the value: jq -r .KEY, or the secret manager's option for a single key.",
        "AWS Secrets Manager, Vault and others store several keys in one secret and return them as JSON, such as {\"PGM_SECRET\":\"…\"}. In ECS and Kubernetes, the reference needs the name of the key.";
    SECRET_ENV_LINE = "secret-env-line", Error,
        "The secret you gave is a whole line such as NAME=secret; the signature was made with what follows the = or the colon.",
        "Put only the value into the file, or refer to the variable instead of the file.",
        "A .env file was given where a file with only the secret is expected, or a line was copied together with its name.";
    SECRET_LINES = "secret-lines", Error,
        "The secret you gave has several lines; the signature was made with one of them, or with all of them joined.",
        "Put only the secret into the file, on one line.",
        "A file with a comment, or with the secrets of several webhooks, was given as one secret; or a long secret was wrapped over several lines.";
    SECRET_COMMENT = "secret-comment", Error,
        "The secret you gave is followed by a comment or by other words; the signature was made without them.",
        "Remove the comment, or put it on a line of its own.",
        "Readers of .env files disagree about comments after a value: docker --env-file and systemd keep them, dotenv removes them.";
    SECRET_PREFIX = "secret-prefix", Error,
        "The secret you gave starts with a name such as whsec_, v1, or Bearer; the signature was made without it.",
        "Remove the prefix. PGM's secrets have none.",
        "Other products mark their secrets (whsec_, sk_), configurations mark encodings (base64:), and headers mark schemes (Bearer). Such a prefix was added to PGM's secret or copied together with it.";
    SECRET_PUNCTUATION = "secret-punctuation", Error,
        "The secret you gave has a punctuation mark at its end or start, such as ; or , or a single quote; the signature was made without it.",
        "Remove the mark where the secret is stored.",
        "A semicolon or comma comes along when a secret is copied out of source code, JSON or a sentence.";
    SECRET_TWICE = "secret-twice", Error,
        "The secret you gave is the real one repeated.",
        "Enter the secret once: it was probably pasted twice.",
        "An input field that hides what is typed does not show that a text was pasted twice.";
    SECRET_SHELL_ESCAPED = "secret-shell-escaped", Error,
        "The secret you gave is escaped as for a shell or a compose file, such as $$, \\$ or %%; the signature was made with the plain one.",
        "Write the plain secret where nothing unescapes it, and the escaped one only where something does.",
        "docker compose needs $$ for $, batch files need %% for %, shells need a backslash before special characters. In other places the escape is part of the value.";
    SECRET_URL_ESCAPED = "secret-url-escaped", Error,
        "The secret you gave is URL-escaped (%2B and the like); the signature was made with the plain one.",
        "Decode it once: PGM's copy button copies the plain text.",
        "In URLs, forms and connection strings, +, /, =, & and spaces are escaped. The signature is made with the plain text.";
    SECRET_URL = "secret-url", Error,
        "The secret you gave is a URL; the signature was made with a part of it.",
        "Give only the secret, not the URL that contains it.",
        "A webhook's URL often carries a token in its query, which is not the webhook's secret; here it is the same.";
    SECRET_HTML_ESCAPED = "secret-html-escaped", Error,
        "The secret you gave is HTML-escaped (&amp; and the like); the signature was made with the plain one.",
        "Replace &amp; by &, &lt; by <, &quot; by \" and so on, or use PGM's copy button.",
        "In a page's source or an XML file, some characters are escaped.";
    SECRET_JSON_ESCAPED = "secret-json-escaped", Error,
        "The secret you gave is escaped as in JSON or source code (\\\", \\\\, \\u0142); the signature was made with the plain one.",
        "Unescape it once, or read the file with a JSON reader.",
        "Between the quotes of a JSON or source file, backslashes precede some characters.";
    SECRET_BASE64 = "secret-base64", Error,
        "The secret you gave is base64; the signature was made with what it decodes to.",
        "Decode it first: base64 -d. A Kubernetes secret shows its values in base64.",
        "kubectl get secret -o yaml and some vaults show base64. The signature was made with the decoded bytes.";
    SECRET_HEX = "secret-hex", Error,
        "The secret you gave is hex; the signature was made with the bytes that it stands for.",
        "Decode it first: xxd -r -p.",
        "Some vaults and generators show random bytes in hex. PGM itself, as far as is known, uses the text as it is.";
    SECRET_MISREAD = "secret-misread", Error,
        "The secret you gave was read in the wrong encoding, which turned its non-ASCII letters into two or three wrong ones; the signature was made with the right ones.",
        "Save and read the secret as UTF-8 everywhere.",
        "UTF-8 bytes that were read as Latin-1 or Windows-1252 and written as UTF-8 again show ł as Å‚.";
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
        "The secret you gave has y and z exchanged.",
        "Check the keyboard layout, or paste the secret instead of typing it.",
        "On a German keyboard, y and z are in each other's place.";
    SECRET_LOOKALIKE = "secret-lookalike", Error,
        "The secret you gave has characters that look like the real ones, such as O for 0 or l for 1.",
        "Copy the secret with PGM's copy button instead of typing it.",
        "A secret that was read from a screen or from paper easily gets O and 0, l, 1 and I, or 5 and S mixed up. Some Cyrillic letters look the same as Latin ones.";
    SECRET_LETTERS_LOST = "secret-letters-lost", Error,
        "The secret you gave has question marks or replacement characters in place of non-ASCII letters.",
        "Copy the secret again, and keep it in UTF-8 everywhere.",
        "A program converted the secret to an encoding that lacks these letters. They cannot be restored from the text.";
    SECRET_INCOMPLETE = "secret-incomplete", Error,
        "The secret you gave lacks one or two characters at its start or end.",
        "Copy the secret again with PGM's copy button.",
        "Selecting text with the mouse easily misses the first or the last character.";
    SECRET_PART = "secret-part", Error,
        "The signature was made with a part of the secret you gave: its first or its last characters.",
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
        "The secret you gave is the request id or the signature of this capture: it may have been copied from the wrong field.",
        "Give the webhook's secret: it is in PGM's list of webhooks, not in the request.",
        "The secret is never sent. The request has the id and the signature, which differ from request to request.";
}
