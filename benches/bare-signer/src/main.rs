//! Signs a request id, and nothing else.

use clap::Parser;
use md5::{Digest, Md5};

#[derive(Parser)]
struct Args {
    #[arg(long)]
    request_id: String,
}

fn main() {
    let args = Args::parse();
    let secret = std::env::var("PGWH_SECRET").unwrap_or_default();
    let digest = Md5::digest(format!("{}:{secret}", args.request_id));
    println!("X-PerfectGym-Request: {}", args.request_id);
    println!("X-PerfectGym-Signature: {}", hex::encode(digest));
}
