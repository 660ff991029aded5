//! Receivers with one fault from the field each: `check-target` must find every one.

use std::sync::Mutex;
use std::thread;

use super::fleet::{Receiver, runnable};
use super::ready::{check, with_verdict};

/// A fault: its name, the checks that find it, and the arguments that they need.
const FAULTS: [(&str, &[&str], &[&str]); 5] = [
    (
        "unsigned",
        &["rejects-wrong-signature", "rejects-unsigned", "rejects-other-request-signature"],
        &["--require-signature"],
    ),
    ("slow", &["within-5s"], &["--samples", "1"]),
    ("duplicates", &["same-request-again", "four-at-once"], &[]),
    ("redirect", &["answers-2xx"], &[]),
    ("some-events", &["every-event", "unknown-event"], &[]),
];

/// A receiver, a fault, and the text that is replaced in its main file to get it.
type Twin = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TWINS: &[Twin] = &[
    ("node", "unsigned", "if (!signature) return respond(401);", ""),
    ("node", "slow", "respond(200, 'Ok');", "await new Promise((done) => setTimeout(done, 6000)); respond(200, 'Ok');"),
    ("node", "duplicates", "respond(200, 'Ok');", "if (!isNew(signature)) return respond(409); respond(200, 'Ok');"),
    ("node", "redirect", "respond(200, 'Ok');", "response.writeHead(302, { Location: '/login' }).end();"),
    ("node", "some-events", "respond(200, 'Ok');", "if (envelope.event !== 'Test') return respond(404); respond(200, 'Ok');"),
    ("express", "unsigned", "verifySignature, ", ""),
    ("express", "slow", "response.type('text').send('Ok');", "setTimeout(() => response.send('Ok'), 6000);"),
    ("express", "duplicates", "response.type('text')", "if (!isNew(response.locals.signature)) return response.sendStatus(409); response"),
    ("express", "redirect", "response.type('text').send('Ok');", "response.redirect('/login');"),
    ("express", "some-events", "response.type('text')", "if (request.body.event !== 'Test') return response.sendStatus(404); response"),
    ("nestjs", "unsigned", "  @UseGuards(PgmSignatureGuard)\n", ""),
    ("nestjs", "slow", "return 'Ok';", "return new Promise((done) => setTimeout(done, 6000, 'Ok')) as unknown as string;"),
    ("nestjs", "duplicates", "if (!this.seen.has(signature)) setImmediate", "if (this.seen.has(signature)) throw new UnauthorizedException(); setImmediate"),
    ("nestjs", "redirect", "@HttpCode(200)", "@HttpCode(302)"),
    ("nestjs", "some-events", "return 'Ok';", "if (envelope.event !== 'Test') throw new UnauthorizedException(); return 'Ok';"),
    ("nextjs", "unsigned", "if (!signature) return new Response(null, { status: 401 });", ""),
    ("nextjs", "slow", "return new Response(\"Ok\");", "await new Promise((done) => setTimeout(done, 6000)); return new Response(\"Ok\");"),
    ("nextjs", "duplicates", "if (isNew(signature)) after", "if (!isNew(signature)) return new Response(null, { status: 409 }); after"),
    ("nextjs", "redirect", "return new Response(\"Ok\");", "return new Response(null, { status: 302, headers: { Location: \"/login\" } });"),
    ("nextjs", "some-events", "return new Response(\"Ok\");", "return new Response(\"Ok\", { status: envelope.event === \"Test\" ? 200 : 404 });"),
    ("deno", "unsigned", "if (!signature) return new Response(null, { status: 401 });", ""),
    ("deno", "slow", "return new Response(\"Ok\");", "await new Promise((done) => setTimeout(done, 6000)); return new Response(\"Ok\");"),
    ("deno", "duplicates", "if (isNew(signature)) later", "if (!isNew(signature)) return new Response(null, { status: 409 }); later"),
    ("deno", "redirect", "return new Response(\"Ok\");", "return new Response(null, { status: 302, headers: { Location: \"/login\" } });"),
    ("deno", "some-events", "return new Response(\"Ok\");", "return new Response(\"Ok\", { status: envelope.event === \"Test\" ? 200 : 404 });"),
    ("cloudflare", "unsigned", "if (!signature) return new Response(null, { status: 401 });", ""),
    ("cloudflare", "slow", "return new Response('Ok');", "await new Promise((done) => setTimeout(done, 6000)); return new Response('Ok');"),
    ("cloudflare", "duplicates", "if (isNew(signature)) context", "if (!isNew(signature)) return new Response(null, { status: 409 }); context"),
    ("cloudflare", "redirect", "return new Response('Ok');", "return new Response(null, { status: 302, headers: { Location: '/login' } });"),
    ("cloudflare", "some-events", "return new Response('Ok');", "return new Response('Ok', { status: envelope.event === 'Test' ? 200 : 404 });"),
    ("flask", "unsigned", "        return \"\", 401\n", "        pass\n"),
    ("flask", "slow", "    return \"Ok\"", "    __import__(\"time\").sleep(6)\n    return \"Ok\""),
    ("flask", "duplicates", "    if is_new(signature):", "    if not is_new(signature):\n        return \"\", 409\n    if True:"),
    ("flask", "redirect", "    return \"Ok\", {", "    return \"Ok\", 302, {\"Location\": \"/login\", "),
    ("flask", "some-events", "    return \"Ok\", {", "    return \"Ok\", 200 if envelope[\"event\"] == \"Test\" else 404, {"),
    ("fastapi", "unsigned", "    raise HTTPException(401)", "    return signature"),
    ("fastapi", "slow", "    return \"Ok\"", "    await __import__(\"asyncio\").sleep(6)\n    return \"Ok\""),
    ("fastapi", "duplicates", "    if is_new(signature):", "    if not is_new(signature):\n        raise HTTPException(409)\n    if True:"),
    ("fastapi", "redirect", "    return \"Ok\"", "    return PlainTextResponse(\"\", 302, {\"Location\": \"/login\"})"),
    ("fastapi", "some-events", "    return \"Ok\"", "    if envelope.event != \"Test\":\n        raise HTTPException(404)\n    return \"Ok\""),
    ("php", "unsigned", "?string\n{", "?string\n{\n    return md5(random_bytes(16));"),
    ("php", "slow", "echo 'Ok';", "sleep(6); echo 'Ok';"),
    ("php", "duplicates", "echo 'Ok';", "http_response_code(isNew($signature) ? 200 : 409); echo 'Ok';"),
    ("php", "redirect", "echo 'Ok';", "header('Location: /login', true, 302); echo 'Ok';"),
    ("php", "some-events", "echo 'Ok';", "http_response_code($envelope['event'] === 'Test' ? 200 : 404); echo 'Ok';"),
    ("go", "unsigned", "signature string) bool {", "signature string) bool {\n\treturn true"),
    ("go", "slow", "fmt.Fprint(w, \"Ok\")", "time.Sleep(6 * time.Second)\n\tfmt.Fprint(w, \"Ok\")"),
    ("go", "duplicates", "fmt.Fprint(w, \"Ok\")", "if _, known := seen.LoadOrStore(signature, true); known {\n\t\tw.WriteHeader(409)\n\t\treturn\n\t}"),
    ("go", "redirect", "fmt.Fprint(w, \"Ok\")", "http.Redirect(w, r, \"/login\", http.StatusFound)"),
    ("go", "some-events", "fmt.Fprint(w, \"Ok\")", "if envelope[\"event\"] != \"Test\" {\n\t\tw.WriteHeader(404)\n\t}"),
    ("ruby", "unsigned", "  halt 401 unless signed?(id, signature)\n", ""),
    ("ruby", "slow", "  'Ok'", "  sleep 6\n  'Ok'"),
    ("ruby", "duplicates", "JOBS << envelope if new?(signature)", "halt 409 unless new?(signature)"),
    ("ruby", "redirect", "  'Ok'", "  redirect '/login'"),
    ("ruby", "some-events", "  'Ok'", "  halt 404 unless envelope['event'] == 'Test'\n  'Ok'"),
    ("java", "unsigned", "NoSuchAlgorithmException {", "NoSuchAlgorithmException { if (id != null) return true;"),
    ("java", "slow", "exchange.sendResponseHeaders(200, 2);", "try { Thread.sleep(6000); } catch (InterruptedException e) { } exchange.sendResponseHeaders(200, 2);"),
    ("java", "duplicates", "exchange.sendResponseHeaders(200, 2);", "exchange.sendResponseHeaders(SEEN.add(signature) ? 200 : 409, 2);"),
    ("java", "redirect", "exchange.sendResponseHeaders(200, 2);", "exchange.sendResponseHeaders(302, 2);"),
    ("java", "some-events", "exchange.sendResponseHeaders(200, 2);", "exchange.sendResponseHeaders(json.contains(\"\\\"Test\\\"\") ? 200 : 404, 2);"),
    ("rust", "unsigned", "let Some(signature) = receiver.verified(&headers) else", "let Some(signature) = receiver.verified(&headers).or(Some([0; 16])) else"),
    ("rust", "slow", "    let mut seen", "    _ = tokio::task::spawn_blocking(|| std::thread::sleep(std::time::Duration::from_secs(6))).await;\n    let mut seen"),
    ("rust", "duplicates", "    if !seen", "    if seen.contains(&signature) { return (StatusCode::CONFLICT, \"\"); }\n    if !seen"),
    ("rust", "redirect", "(StatusCode::OK, \"Ok\")", "(StatusCode::FOUND, \"Ok\")"),
    ("rust", "some-events", "    let mut seen", "    if body[\"event\"] != \"Test\" { return (StatusCode::NOT_FOUND, \"\"); }\n    let mut seen"),
];

fn is_found((_, fault, from, to): Twin, receiver: Receiver) {
    let copy = receiver.copy_with(|source| {
        let at = format!("{fault} of {}", receiver.name);
        assert_eq!(source.matches(from).count(), 1, "{at} does not change one place: {from:?}");
        source.replace(from, to)
    });
    let (_, found_by, args) = FAULTS.into_iter().find(|(name, ..)| *name == fault).unwrap();
    let only = found_by.join(",");
    let args: Vec<&str> = ["--only", &only].into_iter().chain(args.iter().copied()).collect();
    let (json, code) = check(&copy, &[], &args);
    let failed = with_verdict(&json, "fail");
    assert_eq!(code, 1, "{fault} of {}: {json:#}", receiver.name);
    for id in found_by {
        assert!(failed.contains(id), "{id} misses {fault} of {}: {json:#}", receiver.name);
    }
}

#[test]
fn every_fault_of_every_receiver_is_found() {
    let receivers = runnable();
    let twins = TWINS.iter().filter_map(|twin| {
        let receiver = receivers.iter().find(|receiver| receiver.name == twin.0)?;
        Some((*twin, *receiver))
    });
    let twins = Mutex::new(twins);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let next = twins.lock().unwrap().next();
                    let Some((twin, receiver)) = next else { break };
                    is_found(twin, receiver);
                }
            });
        }
    });
}

#[test]
fn every_receiver_has_all_twins() {
    for receiver in super::fleet::RECEIVERS {
        for (fault, ..) in FAULTS {
            let twins = TWINS.iter().filter(|twin| (twin.0, twin.1) == (receiver.name, fault));
            assert_eq!(twins.count(), 1, "{fault} of {}", receiver.name);
        }
    }
}
