//! A capture as a reader hands it on: borrowed, so that the fast reader need not allocate.

use std::borrow::Cow;
use std::slice;

use chrono::{DateTime, Utc};

use super::own;
use super::record::{Header, Scope};
use super::{Body, Capture, Fault, Place, Spelling};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

/// What a reader met, in the order of the file.
#[derive(Debug)]
pub enum Item<'a> {
    /// A request that is, or claims to be, PGM's.
    Capture(CaptureRef<'a>),
    /// A request with neither PGM's headers nor PGM's envelope.
    Skipped,
    /// A part of the file that could not be read; the others were.
    Fault(Fault),
}

/// A captured body; see [`Body`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyRef<'a> {
    /// The bytes, decoded from whatever the file wrapped them in, but perhaps for one string.
    pub spelling: Spelling<'a>,
    /// Whether these are the bytes that were received.
    pub exact: bool,
}

impl<'a> BodyRef<'a> {
    /// The bytes, decoded from whatever the file wrapped them in.
    pub fn bytes(self) -> Cow<'a, [u8]> {
        self.spelling.bytes()
    }
}

/// A borrowed [`Capture`].
#[derive(Debug, Clone, Copy)]
pub struct CaptureRef<'a> {
    /// Where in the file it stands.
    pub place: Place<'a>,
    /// When it was received, if the file says so.
    pub received_at: Option<DateTime<Utc>>,
    /// The body, if the file has one.
    pub body: Option<BodyRef<'a>>,
    pub(super) source: Source<'a>,
}

/// What the rest of a capture is taken from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// A line of pgwh's own, with the two headers that matter already found.
    Own { request_id: Option<&'a str>, signature: Option<&'a str>, line: &'a [u8] },
    /// A request that was just received, as far as it is judged.
    Received { request_ids: &'a [&'a str], signatures: &'a [&'a str] },
    /// A request within JSON, and the objects around it that tell the rest.
    Found { headers: &'a [Header<'a>], scope: &'a Scope<'a, 'a> },
    /// Anything else.
    Capture(&'a Capture),
}

impl<'a> CaptureRef<'a> {
    /// A request that was just received: every value of the two headers, and the exact body.
    pub fn received(
        request_ids: &'a [&'a str],
        signatures: &'a [&'a str],
        received_at: DateTime<Utc>,
        body: &'a [u8],
    ) -> Self {
        Self {
            place: Place::default(),
            received_at: Some(received_at),
            body: Some(BodyRef { spelling: Spelling::Plain(body), exact: true }),
            source: Source::Received { request_ids, signatures },
        }
    }

    /// The values of `X-PerfectGym-Request`, in order: none, one, or several.
    pub fn request_ids(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        match self.source {
            Source::Own { request_id, .. } => Values::One(request_id),
            Source::Received { request_ids, .. } => Values::All(request_ids.iter()),
            _ => self.values(REQUEST_ID_HEADER),
        }
    }

    /// The values of `X-PerfectGym-Signature`, in order: none, one, or several.
    pub fn signatures(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        match self.source {
            Source::Own { signature, .. } => Values::One(signature),
            Source::Received { signatures, .. } => Values::All(signatures.iter()),
            _ => self.values(SIGNATURE_HEADER),
        }
    }

    fn values(&self, name: &'static str) -> Values<'a> {
        match self.source {
            Source::Found { headers, .. } => Values::Found(headers.iter(), name),
            Source::Capture(capture) => Values::Named(capture.headers.iter(), name),
            Source::Own { .. } | Source::Received { .. } => Values::One(None),
        }
    }

    /// The whole capture, owned: for the few that are looked at closely.
    pub fn to_capture(&self) -> Capture {
        let rest = match self.source {
            Source::Own { line, .. } => own::read(line).map(Cow::Owned).unwrap_or_default(),
            Source::Received { .. } => Cow::Owned(self.judged()),
            Source::Found { headers, scope } => Cow::Owned(Capture {
                method: scope.method(),
                path: scope.path(),
                remote: scope.remote(),
                headers: headers.iter().map(Header::to_pair).collect(),
                ..self.judged()
            }),
            Source::Capture(capture) => Cow::Borrowed(capture),
        };
        Capture { place: self.place.to_string(), ..rest.into_owned() }
    }

    /// What is known when nothing else is: the two headers, the time and the body.
    fn judged(&self) -> Capture {
        let named = |name: &str, value: &str| (name.to_ascii_lowercase(), value.to_owned());
        let ids = self.request_ids().map(|value| named(REQUEST_ID_HEADER, value));
        let signatures = self.signatures().map(|value| named(SIGNATURE_HEADER, value));
        let owned =
            |body: BodyRef<'_>| Body { bytes: body.bytes().into_owned(), exact: body.exact };
        let body = self.body.map(owned);
        let headers = ids.chain(signatures).collect();
        Capture { received_at: self.received_at, headers, body, ..Capture::default() }
    }
}

/// The values of one header, wherever they stand.
enum Values<'a> {
    One(Option<&'a str>),
    All(slice::Iter<'a, &'a str>),
    Found(slice::Iter<'a, Header<'a>>, &'static str),
    Named(slice::Iter<'a, (String, String)>, &'static str),
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        match self {
            Self::One(value) => value.take(),
            Self::All(values) => values.next().copied(),
            Self::Found(..) | Self::Named(..) => self.search(),
        }
    }
}

impl<'a> Values<'a> {
    /// Apart from the usual cases, so that those can stand where they are called.
    #[inline(never)]
    fn search(&mut self) -> Option<&'a str> {
        match self {
            Self::One(_) | Self::All(_) => None,
            Self::Found(headers, name) => {
                headers.find(|header| header.known() == Some(name)).map(Header::value)
            }
            Self::Named(headers, name) => {
                let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
                Some(value)
            }
        }
    }
}

impl Capture {
    /// The capture, borrowed, in the form in which readers hand it on. Its `place` is text by
    /// now, so the line is not told apart from the path.
    pub fn view(&self) -> CaptureRef<'_> {
        self.view_at(Place { line: None, path: &self.place })
    }

    pub(super) fn view_at<'a>(&'a self, place: Place<'a>) -> CaptureRef<'a> {
        let body = self.body.as_ref().map(Body::view);
        CaptureRef { place, received_at: self.received_at, body, source: Source::Capture(self) }
    }
}

impl Body {
    pub(super) fn view(&self) -> BodyRef<'_> {
        BodyRef { spelling: Spelling::Plain(&self.bytes), exact: self.exact }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_gives_back_what_it_was_made_of() {
        let headers = ["a", "b"].map(|value| ("x-perfectgym-request".to_owned(), value.to_owned()));
        let body = Some(Body { bytes: b"{}".to_vec(), exact: false });
        let capture = Capture {
            place: "a[1]".to_owned(),
            headers: headers.into(),
            body,
            ..Capture::default()
        };
        let view = capture.view();
        assert_eq!(view.request_ids().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(view.signatures().count(), 0);
        assert_eq!(view.to_capture(), capture);
    }
}
