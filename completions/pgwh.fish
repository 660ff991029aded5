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

complete -c pgwh -n "__fish_pgwh_needs_command" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_needs_command" -s V -l version -d 'Print version'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "demo" -d 'Shows the toolkit at work in two seconds: starts a receiver on this machine, sends it an event that it fails once and then accepts, verifies what arrived, and checks the target. Needs no argument, no file and no network'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "events" -d 'Lists the events that PGM sends: the name, when it is sent, and how sure its payload is. With a name: that event with its sample body'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "sign" -d 'Builds and signs the request that `send` would send, and prints it. With --request-id and no event: the two headers for that id'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "send" -d 'Sends events to a URL, signed as PGM signs them, and says what PGM would make of the answer'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "verify" -d 'Says for each captured request whether its signature was made with your secret'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "check-target" -d 'Says whether a URL is fit for PGM: whether it meets what PGM demands, and survives what PGM does. Sends only the event Test, unless you ask for more, so that nothing is booked anywhere'
complete -c pgwh -n "__fish_pgwh_needs_command" -f -a "completions" -d 'Prints a completion script for your shell'
complete -c pgwh -n "__fish_pgwh_using_subcommand demo" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l fixtures -d 'A folder of your own payloads, NAME.json each, over the built-in ones or beside them' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -l format -d 'How to answer' -r -f -a "human\t'For people'
json\t'For programs: one JSON object a line'"
complete -c pgwh -n "__fish_pgwh_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l as -d 'What to print [default: http, or headers when there is no body]' -r -f -a "http\t'The whole request, as HTTP/1.1'
headers\t'PGM\'s two headers'
signature\t'The signature alone'
json\t'One JSON object with all of it'
curl\t'A command that can be pasted into a shell'"
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l url -d 'The URL that the printed request is for' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l request-id -d 'Sign this request id instead of a new one' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l triggered-date -d 'When the event happened: a date, now, -5m [default: now]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l data -d 'Replace the sample\'s `data`: JSON, @FILE, or - for standard input' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l set -d 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: user.userId, list[0], "a key with . or ="' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l add -d 'The same for a path that `data` does not have yet' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l body -d 'Send exactly these bytes as the body: text, @FILE, or - for standard input' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l fixtures -d 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l secret-file -d 'Read the webhook\'s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l secret -d 'The webhook\'s secret itself. Other users of this machine can see it in the list of processes' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -l unlisted -d 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data'
complete -c pgwh -n "__fish_pgwh_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l url -d 'The URL to call' -r -f
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l from -d 'Send captured requests again, each with its own id and body; - for standard input. Signed with your secret if you give one, else with the captured signature' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l request-id -d 'Use this request id instead of a new one' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l triggered-date -d 'When the event happened: a date, now, -5m [default: now]' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l save -d 'Append what was sent to a file, as captures' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l format -d 'How to answer' -r -f -a "human\t'For people'
json\t'For programs: one JSON object a line'"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l retries -d 'Send again this often while it fails, with the same id and bytes' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l retry-delay -d 'Time before a retry' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l backoff -d 'How the time before a retry grows' -r -f -a "fixed\t'It stays the same'
exponential\t'It doubles each time'"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l retry-on -d 'What to retry: failure (everything that is not a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l repeat -d 'Send the same request this often whatever the answer' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l data -d 'Replace the sample\'s `data`: JSON, @FILE, or - for standard input' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l set -d 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: user.userId, list[0], "a key with . or ="' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l add -d 'The same for a path that `data` does not have yet' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l body -d 'Send exactly these bytes as the body: text, @FILE, or - for standard input' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l fixtures -d 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them' -r -f -a "(__fish_complete_directories)"
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l secret-file -d 'Read the webhook\'s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l secret -d 'The webhook\'s secret itself. Other users of this machine can see it in the list of processes' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l timeout -d 'Time for an attempt, from its start to the last byte of the answer. PGM gives 5s' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l header -d 'Send a header besides PGM\'s own, or another value for one of those' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l ca-cert -d 'Trust only the authorities in this PEM file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l resolve -d 'Connect to ADDR for this host and port, as curl\'s option of that name does' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -s v -l verbose -d 'Show the headers of request and response'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -s q -l quiet -d 'Show only the verdict'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l parallel -d 'Send the repeats all at once'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l unlisted -d 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -l insecure -d 'Trust any certificate'
complete -c pgwh -n "__fish_pgwh_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l format -d 'How to answer' -r -f -a "human\t'For people'
json\t'For programs: one JSON object a line'"
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l secret-file -d 'Read the webhook\'s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -l secret -d 'The webhook\'s secret itself. Other users of this machine can see it in the list of processes' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l format -d 'How to answer' -r -f -a "human\t'For people'
json\t'For programs: one JSON object a line'"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l only -d 'Make only these checks; --list shows all' -r -f -a "https-443\t''
tls\t''
answers-2xx\t''
within-5s\t''
same-request-again\t''
four-at-once\t''
every-event\t''
retry-after-failure\t''
unknown-event\t''
extra-and-null-fields\t''
unicode\t''
rejects-wrong-signature\t''
rejects-unsigned\t''
rejects-other-request-signature\t''
signature-hex-case\t''
brief-response\t''
burst\t''
no-compression-surprise\t''
http-version\t''
keep-alive\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l skip -d 'Leave these checks out' -r -f -a "https-443\t''
tls\t''
answers-2xx\t''
within-5s\t''
same-request-again\t''
four-at-once\t''
every-event\t''
retry-after-failure\t''
unknown-event\t''
extra-and-null-fields\t''
unicode\t''
rejects-wrong-signature\t''
rejects-unsigned\t''
rejects-other-request-signature\t''
signature-hex-case\t''
brief-response\t''
burst\t''
no-compression-surprise\t''
http-version\t''
keep-alive\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l events -d 'Send these events too: names, or `all`. Every id in them is 999999999' -r -f -a "AgreementAnswerModified\t''
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
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l samples -d 'Time this many answers' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l max-time -d 'The time that an answer may take' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l burst -d 'Send this many different requests at once, too' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l explain -d 'Tell what a check sends, why it matters and what to do' -r -f -a "https-443\t''
tls\t''
answers-2xx\t''
within-5s\t''
same-request-again\t''
four-at-once\t''
every-event\t''
retry-after-failure\t''
unknown-event\t''
extra-and-null-fields\t''
unicode\t''
rejects-wrong-signature\t''
rejects-unsigned\t''
rejects-other-request-signature\t''
signature-hex-case\t''
brief-response\t''
burst\t''
no-compression-surprise\t''
http-version\t''
keep-alive\t''"
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l secret-file -d 'Read the webhook\'s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l secret -d 'The webhook\'s secret itself. Other users of this machine can see it in the list of processes' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l header -d 'Send a header besides PGM\'s own, or another value for one of those' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l ca-cert -d 'Trust only the authorities in this PEM file' -r -F
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l resolve -d 'Connect to ADDR for this host and port, as curl\'s option of that name does' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l timeout -d 'Time to wait for an answer at all; one that comes after --max-time has failed, but it is told how late it was' -r
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l strict -d 'Let advice count like a demand'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l require-signature -d 'Make it a demand that bad signatures are refused'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l allow-url -d 'Accept a URL that PGM would not call: not https, or not on port 443'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l list -d 'List the checks with their levels and sources'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -l insecure -d 'Trust any certificate'
complete -c pgwh -n "__fish_pgwh_using_subcommand check-target" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -l color -d 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE' -r -f -a "auto\t'Where a person looks'
always\t'Always'
never\t'Never'"
complete -c pgwh -n "__fish_pgwh_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
