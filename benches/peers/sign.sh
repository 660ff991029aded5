# Signing an id by a whole process, beside a program that only reads its arguments with the same
# library and signs. A part of peers.sh.

bare=benches/bare-signer/target/release/bare-signer
cargo build --release --quiet --manifest-path benches/bare-signer/Cargo.toml --target-dir benches/bare-signer/target
printf '%s\t%s\t%s\t%s\n' \
    "sign an id" pgwh 0 "$pgwh sign --request-id 1" \
    "sign an id;sign an event" "bare signer" 0 "$bare --request-id 1" \
    "sign an event" pgwh 0 "$pgwh sign ClassesBooked" |
    python3 $here/turns.py "$rounds" 100 >>"$samples"
