//! How fast a signature is checked, and a capture judged that is read already.

#![allow(missing_docs, reason = "the macro makes a public function")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pgwh::capture::Capture;
use pgwh::pgm::{Secret, Signature};
use pgwh::verify::{Examiner, NamedSecret, SignatureVerdict};

const ID: &str = "6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10";
/// `printf %s "$ID:correct-horse-battery-staple" | md5sum`
const SIGNATURE: &str = "4d7cdf31e781a0ddc0da8bbcc77ee86d";
const BODY: &str = r#"{"event":"ClassesBooked","triggeredDate":"2026-03-02T09:15:30Z","data":{"userId":1204,"timeTableEventId":88031}}"#;

fn signature(criterion: &mut Criterion) {
    let secret = Secret::new("correct-horse-battery-staple").expect("it is not empty");
    let mut group = criterion.benchmark_group("verify");
    group.throughput(Throughput::Elements(1));
    group.bench_function("signature", |bencher| {
        bencher.iter(|| {
            let ours = Signature::over(black_box(ID).as_bytes(), &secret);
            assert!(ours.matches(black_box(SIGNATURE)));
        });
    });
    let accepted = [NamedSecret { name: "bench".to_owned(), secret: secret.clone() }];
    let now = "2026-03-02T09:15:31Z".parse().expect("a date");
    let examiner = Examiner::new(&accepted, now);
    group.bench_function("capture", |bencher| {
        let (ids, signatures) = ([ID.into()], [SIGNATURE.into()]);
        let capture = Capture::received(ids, signatures, now, BODY.as_bytes());
        bencher.iter(|| {
            let examined = examiner.examine(black_box(&capture));
            assert_eq!(examined.verdict, SignatureVerdict::Valid);
        });
    });
    group.finish();
}

criterion_group!(benches, signature);
criterion_main!(benches);
