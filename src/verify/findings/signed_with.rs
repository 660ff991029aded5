//! The signature was made with another form of the secret.

super::findings! {
    SIGNED_WITH:
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
