# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_pgwh_global_optspecs
    string join \n color= h/help V/version
end

function __fish_pgwh_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_pgwh_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_pgwh_using_subcommand
    set -l cmd (__fish_pgwh_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c pgwh -n "__fish_pgwh_needs_command" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_needs_command" -s V -l version -d 'Print version'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "demo" -d 'Take a quick tour; no setup needed'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "events" -d 'List PGM\'s events, or show one with its sample body'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "sign" -d 'Build and sign a request without sending it'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "send" -d 'Send events to a URL as PGM does, with retries or under load'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "play" -d 'Play a story: a sequence of events with shared values'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "verify" -d 'Check whether captured requests are genuine, and why not'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "check-target" -d 'Check whether a URL is ready for PGM'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "webhook" -d 'Manage webhooks in pgwh.toml, like PGM\'s webhooks list'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "requests" -d 'Show and retry sent requests, like PGM\'s Requests list'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "listen" -d 'Receive requests here: verify, save, forward, or misbehave'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "page" -d 'Show requests, webhooks and events in the browser, live'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "scaffold" -d 'Print a receiver in your language, ready to run'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "completions" -d 'Print a completion script for your shell'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "supervise" -d 'Runs a target for `check-target --start`; of no use to people'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand demo" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l diff -d 'Compare the payload of EVENT with that of another event' -r -f -a "AgreementAnswerModified\t''
ClassesBooked\t''
ClassesBookedOnStadbyList\t''
ClassesBookedOnStandbyList\t''
ClassesBookingCancelled\t''
ClassesBookingPromotedFromStandbyList\t''
ContractCreated\t''
ContractPaymentDone\t''
PersonalTrainingBooked\t''
PersonalTrainingBookingCancelled\t''
Test\t''
UserCardScanned\t''
UserModified\t''
UserPresenceChanged\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l fixtures -d 'Use the payloads in this folder too: files NAME.json, in place of samples of the same name' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l as -d 'Print a schema instead: JSON Schema of EVENT\'s body, or OpenAPI of EVENT or of all events' -r -f -a "schema\t'JSON Schema 2020-12 of the whole body; needs EVENT'
openapi\t'OpenAPI 3.1, each event a webhook'"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l as -d 'What to print [default: http; headers without an event or body]' -r -f -a "http\t'The whole request, as HTTP/1.1'
headers\t'PGM\'s two headers'
signature\t'The signature alone'
json\t'One JSON object'
curl\t'A curl command to paste into a shell'
hurl\t'A Hurl file that expects a 2xx within 5 s'"
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l url -d 'The URL of the printed request [default: the webhook\'s, or https://example.com/pgm]' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l webhook -d 'Use the secret and URL of this webhook of pgwh.toml' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l request-id -d 'Sign this request id instead of a new one' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l triggered-date -d 'Set triggeredDate: a date, now, or an offset such as -5m [default: now]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l data -d 'Replace the sample\'s `data`: JSON, @FILE, or - for standard input' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l set -d 'Replace one value in `data`, such as user.userId=42; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l add -d 'Add a value at a path that `data` does not have yet; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l remove -d 'Remove a value from `data`; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l set-date -d 'Set a date in `data`, such as startDate=+2d; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l body -d 'Use exactly these bytes as the body' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l fixtures -d 'A folder with your own payloads' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l edit -d 'Edit the body in $VISUAL or $EDITOR before it is signed'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l unlisted -d 'Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l url -d 'The URL to call [default: the subscribed webhooks of pgwh.toml]' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l webhook -d 'Send to this webhook of pgwh.toml only; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l from -d 'Send captured requests again, with their ids and bodies' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l id -d 'Send only the captured request whose id begins with ID, or the last one' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l event -d 'Send only captured requests of this event' -r -f -a "AgreementAnswerModified\t''
ClassesBooked\t''
ClassesBookedOnStadbyList\t''
ClassesBookedOnStandbyList\t''
ClassesBookingCancelled\t''
ClassesBookingPromotedFromStandbyList\t''
ContractCreated\t''
ContractPaymentDone\t''
PersonalTrainingBooked\t''
PersonalTrainingBookingCancelled\t''
Test\t''
UserCardScanned\t''
UserModified\t''
UserPresenceChanged\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l request-id -d 'Use this request id instead of a new one' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l triggered-date -d 'Set triggeredDate: a date, now, or an offset such as -5m [default: now]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l save -d 'Append the requests to a file, as captures' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l retries -d 'Retry up to N times while it fails, with the same id and bytes' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l retry-delay -d 'Wait this long before each retry [default: 1s]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l backoff -d 'Keep the delay between retries fixed, or double it each time [default: fixed]' -r -f -a "fixed\t''
exponential\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l retry-on -d 'What to retry: failure (anything but a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status [default: failure]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l repeat -d 'Send the same request N times, whatever the responses' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l count -d 'Send N new requests and report how the target held up' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l duration -d 'Send new requests for this long' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l concurrency -d 'The most connections [default: 64; with --rate 512, opened as needed]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l threads -d 'Threads that share the connections [default: one per core; with --rate one]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l rate -d 'Start requests at this rate, such as 500/s or growing 10/s..500/s' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l vary -d 'Set a path in `data` to a random whole number from FROM to TO; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l repeat-rate -d 'Send this share of the requests twice, as PGM has been seen to do: 0.05 is one in twenty' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l allow-failures -d 'Exit with 0 if at most this many fail: a number, or a share such as 0.1%' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l report -d 'Also write a report to FILE: human, json or markdown; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l histogram -d 'Write the latencies to FILE in HdrHistogram\'s text format, in milliseconds' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l export -d 'Write the load to a file as a script for k6, and send nothing' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l data -d 'Replace the sample\'s `data`: JSON, @FILE, or - for standard input' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l set -d 'Replace one value in `data`, such as user.userId=42; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l add -d 'Add a value at a path that `data` does not have yet; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l remove -d 'Remove a value from `data`; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l set-date -d 'Set a date in `data`, such as startDate=+2d; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l body -d 'Use exactly these bytes as the body' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l fixtures -d 'A folder with your own payloads' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l timeout -d 'Time limit of an attempt [default: 5s, as PGM allows]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l header -d 'Add a header, replace one of PGM\'s, or leave one out with \'NAME:\'; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l ca-cert -d 'Trust only the certificate authorities in this PEM file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l resolve -d 'Connect to ADDR for this host and port, as with curl; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l unsigned -d 'Leave out the request id and the signature, like a webhook without a secret'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l wrong-signature -d 'Send a wrong signature, which a receiver must reject'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l no-record -d 'Do not add the requests to the requests list'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -s v -l verbose -d 'Show the headers of requests and responses'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -s q -l quiet -d 'Show only the verdict'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l parallel -d 'Send all repeats at the same time'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l yes-load-test -d 'Confirm that you may load-test a public host'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l edit -d 'Edit the body in $VISUAL or $EDITOR before it is signed'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l unlisted -d 'Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l insecure -d 'Trust any certificate'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l http2 -d 'Send over HTTP/2 instead of HTTP/1.1; header names are then in lower case'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l url -d 'The URL to call [default: as the story says, else the subscribed webhooks of pgwh.toml]' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l webhook -d 'Send everything to this webhook of pgwh.toml' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l speed -d 'Play faster or slower than written, such as 10x or 0.5x' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l record -d 'Write a story from the requests list, or from the captures of --from' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l from -d 'With --record: read captures from a file, or standard input with -' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l since -d 'With --record: only requests since then: a time ago such as 2h, or a date' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l fixtures -d 'A folder with your own payloads' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For programs: one JSON object per line'
junit\t'JUnit XML, which CI systems show as test results'
github\t'Annotations for GitHub Actions; also appended to the step summary'
markdown\t'A table for a comment or a page'"
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l report -d 'Also write a report to FILE; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l timeout -d 'Time limit of an attempt [default: 5s, as PGM allows]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l header -d 'Add a header, replace one of PGM\'s, or leave one out with \'NAME:\'; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l ca-cert -d 'Trust only the certificate authorities in this PEM file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l resolve -d 'Connect to ADDR for this host and port, as with curl; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l list -d 'List the built-in stories'
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l show -d 'Print the story\'s file'
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l dry-run -d 'Print what would be sent, without sending it'
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l no-record -d 'Do not add the requests to the requests list'
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -l insecure -d 'Trust any certificate'
complete -c pgwh -n "__fish_pgwh_using_subcommand play" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l anonymize -d 'Write a copy without personal data to the new file FILE' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l explain -d 'Explain a finding and what to do; without ID, list all findings' -r -f -a "headers-missing\t''
signature-missing\t''
request-id-missing\t''
request-id-ambiguous\t''
request-id-malformed\t''
signature-ambiguous\t''
request-id-redacted\t''
signature-redacted\t''
body-missing\t''
body-left-out\t''
body-not-exact\t''
body-not-json\t''
body-not-envelope\t''
unknown-event\t''
triggered-date-malformed\t''
triggered-date-future\t''
triggered-date-old\t''
replayed-signature\t''
id-with-two-signatures\t''
retry\t''
other-secret\t''
secret-newline\t''
secret-crlf\t''
secret-spaces\t''
secret-quotes\t''
secret-bom\t''
secret-utf16\t''
secret-invisible\t''
secret-escaped-newline\t''
secret-json\t''
secret-env-line\t''
secret-lines\t''
secret-comment\t''
secret-prefix\t''
secret-punctuation\t''
secret-twice\t''
secret-shell-escaped\t''
secret-url-escaped\t''
secret-url\t''
secret-html-escaped\t''
secret-json-escaped\t''
secret-base64\t''
secret-hex\t''
secret-misread\t''
secret-unicode-form\t''
secret-typography\t''
secret-other-case\t''
secret-keyboard\t''
secret-lookalike\t''
secret-letters-lost\t''
secret-incomplete\t''
secret-part\t''
secret-typo\t''
secret-placeholder\t''
secret-reference\t''
secret-missing-value\t''
secret-masked\t''
secret-expanded\t''
secret-short\t''
secret-letters-replaced\t''
secret-is-another-value\t''
signed-without-secret\t''
signed-with-placeholder\t''
signed-with-newline\t''
signed-with-crlf\t''
signed-with-spaces\t''
signed-with-quotes\t''
signed-with-printed\t''
signed-with-bom\t''
signed-with-nul\t''
signed-with-padded\t''
signed-with-prefix\t''
signed-with-twice\t''
signed-with-expanded\t''
signed-with-shell-escaped\t''
signed-with-url-escaped\t''
signed-with-html-escaped\t''
signed-with-json-escaped\t''
signed-with-base64\t''
signed-with-hex\t''
signed-with-utf16\t''
signed-with-utf32\t''
signed-with-latin1\t''
signed-with-misread\t''
signed-without-accents\t''
signed-with-replaced\t''
signed-with-other-case\t''
signed-with-hashed-secret\t''
signed-with-reversed\t''
body-signed\t''
body-rewritten\t''
colon-space\t''
constant-signed\t''
event-signed\t''
time-signed\t''
hashed-twice\t''
hmac-over-body\t''
hmac-over-id\t''
id-and-body-signed\t''
id-not-signed\t''
no-colon\t''
other-products-formula\t''
other-separator\t''
secret-and-id-swapped\t''
secret-not-signed\t''
secret-repeated\t''
text-signed\t''
signature-of-another-request\t''
wrong-hash\t''
cause-unknown\t''
not-diagnosed\t''
id-braces\t''
id-byte-order\t''
id-bytes\t''
id-case\t''
id-cut\t''
id-dashes\t''
id-doubled\t''
id-encoded\t''
id-from-body\t''
id-hashed\t''
id-header-line\t''
id-list\t''
id-number\t''
id-other-header\t''
id-printed\t''
id-spaces\t''
id-template\t''
id-urn\t''
id-word\t''
headers-swapped\t''
signature-altered\t''
signature-base64\t''
signature-byte-order\t''
signature-bytes\t''
signature-cut\t''
signature-dashes\t''
signature-escaped\t''
signature-hex-twice\t''
signature-number\t''
signature-prefixed\t''
signature-printed\t''
signature-quoted\t''
signature-tool-output\t''
signature-whitespace\t''
signature-zeros-lost\t''
signature-not-computed\t''
signature-password-hash\t''
signature-token\t''
signature-is-secret\t''
signature-malformed\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l request-id -d 'The value of X-PerfectGym-Request' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l signature -d 'The value of X-PerfectGym-Signature' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l body -d 'The body: text, @FILE, or - for standard input' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For programs: one JSON object per line'
junit\t'JUnit XML, which CI systems show as test results'
github\t'Annotations for GitHub Actions; also appended to the step summary'
markdown\t'A table for a comment or a page'"
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l report -d 'Also write a report to FILE; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l also-secret-file -d 'Also accept the secret in FILE, and call it NAME; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l webhook -d 'Also accept the secret of this webhook of pgwh.toml; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -s v -l verbose -d 'Show every capture and every finding'
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -s q -l quiet -d 'Print nothing; use the exit code and --report files'
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l show-expected -d 'Show the signature that an invalid capture should have'
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l wait -d 'Wait up to this long for the target to accept connections' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l start -d 'Start the target with this shell command, and end it after the check' -r -f -a "(__fish_complete_command)"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l only -d 'Run only these checks; --list shows all' -r -f -a "https-443\t''
tls\t''
answers-2xx\t''
within-5s\t''
same-request-again\t''
four-at-once\t''
every-event\t''
retry-after-failure\t''
unknown-event\t''
unknown-member\t''
extra-and-null-fields\t''
unicode\t''
rejects-wrong-signature\t''
rejects-unsigned\t''
rejects-other-request-signature\t''
signature-hex-case\t''
same-body-other-id\t''
soft-failure\t''
brief-response\t''
burst\t''
no-compression-surprise\t''
http-version\t''
keep-alive\t''
header-case\t''
query-token\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l skip -d 'Skip these checks' -r -f -a "https-443\t''
tls\t''
answers-2xx\t''
within-5s\t''
same-request-again\t''
four-at-once\t''
every-event\t''
retry-after-failure\t''
unknown-event\t''
unknown-member\t''
extra-and-null-fields\t''
unicode\t''
rejects-wrong-signature\t''
rejects-unsigned\t''
rejects-other-request-signature\t''
signature-hex-case\t''
same-body-other-id\t''
soft-failure\t''
brief-response\t''
burst\t''
no-compression-surprise\t''
http-version\t''
keep-alive\t''
header-case\t''
query-token\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l events -d 'Also send these events: names, or `all`. Every id in them is 999999999' -r -f -a "AgreementAnswerModified\t''
ClassesBooked\t''
ClassesBookedOnStadbyList\t''
ClassesBookedOnStandbyList\t''
ClassesBookingCancelled\t''
ClassesBookingPromotedFromStandbyList\t''
ContractCreated\t''
ContractPaymentDone\t''
PersonalTrainingBooked\t''
PersonalTrainingBookingCancelled\t''
Test\t''
UserCardScanned\t''
UserModified\t''
UserPresenceChanged\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l samples -d 'Measure the time of N responses' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l max-time -d 'How long a response may take: 5s, which is all that PGM allows, or less' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l burst -d 'Also send N different requests at once' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l explain -d 'Explain what a check sends, why it matters and what to do; without ID, list them' -r -f -a "https-443\t''
tls\t''
answers-2xx\t''
within-5s\t''
same-request-again\t''
four-at-once\t''
every-event\t''
retry-after-failure\t''
unknown-event\t''
unknown-member\t''
extra-and-null-fields\t''
unicode\t''
rejects-wrong-signature\t''
rejects-unsigned\t''
rejects-other-request-signature\t''
signature-hex-case\t''
same-body-other-id\t''
soft-failure\t''
brief-response\t''
burst\t''
no-compression-surprise\t''
http-version\t''
keep-alive\t''
header-case\t''
query-token\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For programs: one JSON object per line'
junit\t'JUnit XML, which CI systems show as test results'
github\t'Annotations for GitHub Actions; also appended to the step summary'
markdown\t'A table for a comment or a page'"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l report -d 'Also write a report to FILE; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l header -d 'Add a header, replace one of PGM\'s, or leave one out with \'NAME:\'; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l ca-cert -d 'Trust only the certificate authorities in this PEM file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l resolve -d 'Connect to ADDR for this host and port, as with curl; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l timeout -d 'How long to wait for a response at all [default: 10s]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l all-webhooks -d 'Check every webhook of pgwh.toml, one after another'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l strict -d 'Treat recommendations as requirements'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l require-signature -d 'Fail if bad signatures are accepted'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l allow-url -d 'Accept a URL that PGM would not call: not https, or not on port 443'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l list -d 'List the checks with their levels and sources'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l insecure -d 'Trust any certificate'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "init" -d 'Write a commented pgwh.toml to start from'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "add" -d 'Add a webhook; creates pgwh.toml if missing'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "list" -d 'Show all webhooks: URL, subscriptions, and whether the secret is available'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "show" -d 'Show one webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "edit" -d 'Change a webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "remove" -d 'Remove a webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "secret" -d 'Print a webhook\'s secret, as PGM\'s copy button does'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "trust" -d 'Trust the commands that print secrets, so that pgwh may run them'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and not __fish_seen_subcommand_from init add list show edit remove secret trust help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from init" -l config -d 'The file to write [default: pgwh.toml in this folder]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from init" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l url -d 'The URL to call' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l events -d 'The events it is subscribed to' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l secret-env -d 'Read the secret from this environment variable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l secret-file -d 'Read the secret from this file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l secret-command -d 'Run this command to get the secret; must be the last flag, with the command\'s arguments' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -l unlisted -d 'Allow events that PGM is not known to have'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from list" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from list" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from list" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from show" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from show" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from show" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l name -d 'Change the name' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l url -d 'Change the URL' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l events -d 'Replace the events it is subscribed to' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l secret-env -d 'Read the secret from this environment variable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l secret-file -d 'Read the secret from this file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l secret-command -d 'Run this command to get the secret; must be the last flag, with the command\'s arguments' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l previous-secret-env -d 'Also accept the old secret in this environment variable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l previous-secret-file -d 'Also accept the old secret in this file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l unlisted -d 'Allow events that PGM is not known to have'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l no-previous-secret -d 'No longer accept an old secret'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from remove" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from remove" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from secret" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from secret" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from trust" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from trust" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from trust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a commented pgwh.toml to start from'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a webhook; creates pgwh.toml if missing'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "list" -d 'Show all webhooks: URL, subscriptions, and whether the secret is available'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Change a webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "secret" -d 'Print a webhook\'s secret, as PGM\'s copy button does'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "trust" -d 'Trust the commands that print secrets, so that pgwh may run them'
complete -c pgwh -n "__fish_pgwh_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l limit -d 'Show only the newest N requests' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l event -d 'Only requests of this event' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l webhook -d 'Only requests sent to this webhook' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l story -d 'Only requests of this story, which `pgwh play` sent' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l since -d 'Only requests first sent since then: a time ago such as 2h, or a date' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l id -d 'Only requests whose id begins with this' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -l failed -d 'Only unsuccessful requests: failed, unreachable or interrupted'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -f -a "show" -d 'Show one request: its payload, and the response of each attempt'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -f -a "retry" -d 'Send requests again, with the same id, signature and bytes'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -f -a "diff" -d 'Show what differs between the payloads of two requests'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -f -a "prune" -d 'Remove old requests, irreversibly'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -f -a "export" -d 'Write requests as captures, oldest first'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and not __fish_seen_subcommand_from show retry diff prune export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from show" -l as -d 'Print only the request, in this form' -r -f -a "curl\t'A command that can be pasted into a shell'
http\t'The whole request, as HTTP/1.1'
capture\t'A line of pgwh\'s capture format'"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from show" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from show" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show the headers of the responses'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l event -d 'With --failed: only requests of this event' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l webhook -d 'With --failed: only requests to this webhook' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l since -d 'With --failed: only requests first sent since then: a time ago such as 2h, or a date' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l url -d 'Send to this URL instead, as a new request of the list' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l timeout -d 'Time limit of an attempt [default: 5s, as PGM allows]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l ca-cert -d 'Trust only the certificate authorities in this PEM file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l resolve -d 'Connect to ADDR for this host and port, as with curl; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l header -d 'Add a header, replace one of PGM\'s, or leave one out with \'NAME:\'; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l failed -d 'All unsuccessful requests: failed, unreachable or interrupted'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l resign -d 'Sign again because the secret has changed, with the secret given here, else with the webhook\'s'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Show the headers of requests and responses'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Show only the verdict'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -l insecure -d 'Trust any certificate'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from diff" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from diff" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from prune" -l keep -d 'Keep the newest N requests [default: as in pgwh.toml, else 1000]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from prune" -l older-than -d 'Remove requests older than this [default: as in pgwh.toml, else 30d]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from prune" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from prune" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from prune" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l limit -d 'Write only the newest N requests' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -s o -l output -d 'Append to this file instead of printing; - prints' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l event -d 'Only requests of this event' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l webhook -d 'Only requests sent to this webhook' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l story -d 'Only requests of this story, which `pgwh play` sent' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l since -d 'Only requests first sent since then: a time ago such as 2h, or a date' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l id -d 'Only requests whose id begins with this' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -l failed -d 'Only unsuccessful requests: failed, unreachable or interrupted'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one request: its payload, and the response of each attempt'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Send requests again, with the same id, signature and bytes'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Show what differs between the payloads of two requests'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Remove old requests, irreversibly'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write requests as captures, oldest first'
complete -c pgwh -n "__fish_pgwh_using_subcommand requests; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l addr -d 'Listen on this address; port 0 picks a free one' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l save -d 'Append each request to FILE, as a capture, before responding' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l rotate -d 'Rename FILE to FILE.1, FILE.2 … and start a new one before it exceeds SIZE' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l save-fixtures -d 'Keep the newest payload of each event as DIR/EVENT.json' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l status -d 'Respond with this status [default: 200]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l body -d 'Respond with this body [default: Ok]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l header -d 'Add a header to the response; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l delay -d 'Delay the response by 6s, or by a random time such as 1s..3s' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l drip -d 'Send the body byte by byte over this time' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l fail-first -d 'Fail the first N attempts of each request id' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l fail-rate -d 'Fail this share of the requests: 0 to 1' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l seed -d 'Seed --fail-rate and --delay with this number, to repeat a run [default: a new one]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l script -d 'Choose responses by event, request or attempt, with the rules in this TOML file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l forward-to -d 'Forward each request to URL, and respond as this target does' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l route -d 'Forward requests with this event to URL instead; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l forward-header -d 'Set a header on forwarded requests; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l forward-timeout -d 'Time limit for a target; after it, the client gets a 504 [default: 30s]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l resolve -d 'Connect to ADDR for this host and port of a target, as with curl; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l ca-cert -d 'Trust only the authorities in this PEM file, for targets with https' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l expect -d 'Exit with 0 as soon as N valid requests have arrived' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l expect-event -d 'Count only requests with this event; repeatable' -r -f -a "AgreementAnswerModified\t''
ClassesBooked\t''
ClassesBookedOnStadbyList\t''
ClassesBookedOnStandbyList\t''
ClassesBookingCancelled\t''
ClassesBookingPromotedFromStandbyList\t''
ContractCreated\t''
ContractPaymentDone\t''
PersonalTrainingBooked\t''
PersonalTrainingBookingCancelled\t''
Test\t''
UserCardScanned\t''
UserModified\t''
UserPresenceChanged\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l expect-data -d 'Count only requests whose data has this value, as in userId=7; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l timeout -d 'Exit with 1 if they have not arrived by then' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l report -d 'Write what was expected and what arrived, as JUnit XML: junit=FILE' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l max-requests -d 'Exit after N requests, whatever they are' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l tls-name -d 'Add this name or address to that certificate; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l tls-ca -d 'Write the authority behind that certificate to FILE, for send --ca-cert' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l cert -d 'Serve https, with this certificate (PEM)' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l key -d 'The key of --cert (PEM)' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l max-body -d 'Largest body; a larger one gets a 413' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l max-head -d 'Largest head; a larger one gets a 431' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l head-time -d 'Time limit for a head, and for an idle connection; after it, a 408' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l body-time -d 'Time limit for a body; after it, a 408' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l max-connections -d 'Most open connections; further ones wait' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l webhook -d 'Accept the secret of this webhook of pgwh.toml; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l also-secret-file -d 'Also accept the secret in FILE, for example while it is being changed' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l page-addr -d 'Serve the page on this address [default: 127.0.0.1:4180, or the next free port]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l page-host -d 'Allow this host name in the page\'s URL, besides localhost; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -s v -l verbose -d 'Show headers and bodies'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -s q -l quiet -d 'Show only the first line and the summary'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l sync -d 'Respond only after the capture is on the disk (fsync)'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l drop -d 'Close the connection without a response'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l reject-invalid -d 'Respond 401 to requests that do not verify'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l only-valid -d 'Forward only requests that verify'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l insecure -d 'Trust any certificate of a target'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l tls -d 'Serve https, with a certificate made for this run'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l allow-browser -d 'Accept requests that a web page of another site sends from a browser'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l page -d 'Also show received requests in the browser, on another port'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -l open -d 'Open the page in the browser'
complete -c pgwh -n "__fish_pgwh_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l captures -d 'Also show the requests that a receiver saves in FILE, as it grows' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l page-addr -d 'Serve the page on this address [default: 127.0.0.1:4180, or the next free port]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l page-host -d 'Allow this host name in the page\'s URL, besides localhost; repeatable' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l secret-file -d 'Read the secret from a file [default: $PGWH_SECRET]' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l secret -d 'The secret itself; other users of this machine can see it in the process list' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l config -d 'Use this pgwh.toml' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -l open -d 'Open the page in the browser'
complete -c pgwh -n "__fish_pgwh_using_subcommand page" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -l out -d 'Write the receiver\'s files into this folder' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -l format -d 'Output format' -r -f -a "human\t''
json\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -l force -d 'Overwrite files in --out'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand supervise" -l color -d 'Color the output: auto, always or never' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand supervise" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "demo" -d 'Take a quick tour; no setup needed'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "events" -d 'List PGM\'s events, or show one with its sample body'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "sign" -d 'Build and sign a request without sending it'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "send" -d 'Send events to a URL as PGM does, with retries or under load'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "play" -d 'Play a story: a sequence of events with shared values'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "verify" -d 'Check whether captured requests are genuine, and why not'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "check-target" -d 'Check whether a URL is ready for PGM'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "webhook" -d 'Manage webhooks in pgwh.toml, like PGM\'s webhooks list'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "requests" -d 'Show and retry sent requests, like PGM\'s Requests list'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "listen" -d 'Receive requests here: verify, save, forward, or misbehave'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "page" -d 'Show requests, webhooks and events in the browser, live'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "scaffold" -d 'Print a receiver in your language, ready to run'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "completions" -d 'Print a completion script for your shell'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "supervise" -d 'Runs a target for `check-target --start`; of no use to people'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and not __fish_seen_subcommand_from demo events sign send play verify check-target webhook requests listen page scaffold completions supervise help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "init" -d 'Write a commented pgwh.toml to start from'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "add" -d 'Add a webhook; creates pgwh.toml if missing'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "list" -d 'Show all webhooks: URL, subscriptions, and whether the secret is available'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "show" -d 'Show one webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "edit" -d 'Change a webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "remove" -d 'Remove a webhook'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "secret" -d 'Print a webhook\'s secret, as PGM\'s copy button does'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "trust" -d 'Trust the commands that print secrets, so that pgwh may run them'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from requests" -f -a "show" -d 'Show one request: its payload, and the response of each attempt'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from requests" -f -a "retry" -d 'Send requests again, with the same id, signature and bytes'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from requests" -f -a "diff" -d 'Show what differs between the payloads of two requests'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from requests" -f -a "prune" -d 'Remove old requests, irreversibly'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from requests" -f -a "export" -d 'Write requests as captures, oldest first'
complete -c pgwh -n "__fish_pgwh_using_subcommand help; and __fish_seen_subcommand_from requests" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "AgreementAnswerModified" -d 'an agreement answer changed'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ClassesBooked" -d 'a class was booked, from any app'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ClassesBookedOnStadbyList" -d 'a class was booked on the standby list'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ClassesBookedOnStandbyList" -d 'a class was booked on the standby list'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ClassesBookingCancelled" -d 'a class booking was cancelled'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ClassesBookingPromotedFromStandbyList" -d 'a booking moved from the standby list to the class'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ContractCreated" -d 'a contract was added'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "ContractPaymentDone" -d 'a contract transaction was paid'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "PersonalTrainingBooked" -d 'a personal training was booked'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "PersonalTrainingBookingCancelled" -d 'a personal training booking was cancelled'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "Test" -d 'a user pressed "Test all webhooks"'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "UserCardScanned" -d 'someone tried to get in by card, fingerprint or QR code, successfully or not'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "UserModified" -d 'personal data of a guest or member changed'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -f -a "UserPresenceChanged" -d 'a member entered the club'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "AgreementAnswerModified" -d 'an agreement answer changed'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ClassesBooked" -d 'a class was booked, from any app'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ClassesBookedOnStadbyList" -d 'a class was booked on the standby list'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ClassesBookedOnStandbyList" -d 'a class was booked on the standby list'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ClassesBookingCancelled" -d 'a class booking was cancelled'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ClassesBookingPromotedFromStandbyList" -d 'a booking moved from the standby list to the class'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ContractCreated" -d 'a contract was added'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "ContractPaymentDone" -d 'a contract transaction was paid'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "PersonalTrainingBooked" -d 'a personal training was booked'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "PersonalTrainingBookingCancelled" -d 'a personal training booking was cancelled'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "Test" -d 'a user pressed "Test all webhooks"'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "UserCardScanned" -d 'someone tried to get in by card, fingerprint or QR code, successfully or not'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "UserModified" -d 'personal data of a guest or member changed'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -f -a "UserPresenceChanged" -d 'a member entered the club'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "AgreementAnswerModified" -d 'an agreement answer changed'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ClassesBooked" -d 'a class was booked, from any app'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ClassesBookedOnStadbyList" -d 'a class was booked on the standby list'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ClassesBookedOnStandbyList" -d 'a class was booked on the standby list'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ClassesBookingCancelled" -d 'a class booking was cancelled'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ClassesBookingPromotedFromStandbyList" -d 'a booking moved from the standby list to the class'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ContractCreated" -d 'a contract was added'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "ContractPaymentDone" -d 'a contract transaction was paid'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "PersonalTrainingBooked" -d 'a personal training was booked'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "PersonalTrainingBookingCancelled" -d 'a personal training booking was cancelled'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "Test" -d 'a user pressed "Test all webhooks"'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "UserCardScanned" -d 'someone tried to get in by card, fingerprint or QR code, successfully or not'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "UserModified" -d 'personal data of a guest or member changed'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -f -a "UserPresenceChanged" -d 'a member entered the club'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "cloudflare" -d 'Cloudflare Worker (tested in workerd)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "csharp" -d 'C#: ASP.NET Core minimal API (not tested)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "deno" -d 'Deno: Supabase Edge Function (tested in Deno, not in Supabase)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "express" -d 'Node: Express'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "fastapi" -d 'Python: FastAPI'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "flask" -d 'Python: Flask'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "go" -d 'Go'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "java" -d 'Java: the JDK\'s own HTTP server'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "make" -d 'Make (a note, not tested)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "n8n" -d 'n8n (a note, not tested)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "nestjs" -d 'NestJS'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "nextjs" -d 'Next.js route handler (tested without Next.js)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "node" -d 'Node: http'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "php" -d 'PHP'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "power-automate" -d 'Power Automate (a note, not tested)'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "ruby" -d 'Ruby: Sinatra'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "rust" -d 'Rust: axum'
complete -c pgwh -n "__fish_pgwh_using_subcommand scaffold" -f -a "zapier" -d 'Zapier (a note, not tested)'
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -f -a "bash" -d ''
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -f -a "elvish" -d ''
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -f -a "fish" -d ''
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -f -a "powershell" -d ''
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -f -a "zsh" -d ''
