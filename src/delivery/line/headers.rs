//! The headers of one request after the other, of which few differ.

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, HeaderValue};

use crate::delivery::received::header_map;
use crate::pgm::{HeaderText, SignedRequest};

/// The last request's headers, as they were and as the HTTP library wants them: to read names and
/// values anew for every request is a good part of what sending one costs.
#[derive(Debug, Default)]
pub(super) struct Headers {
    texts: Vec<(HeaderText, HeaderText)>,
    names: Vec<HeaderName>,
    map: HeaderMap,
}

impl Headers {
    /// The headers of a request. `host` is put beside them, unless it is among them.
    pub(super) fn of(&mut self, request: &SignedRequest, host: &HeaderValue) -> HeaderMap {
        if !self.differ_in_values(request.headers()) {
            self.read(request, host);
        }
        self.map.clone()
    }

    /// Puts in the values that are new. `false` where more than values are.
    fn differ_in_values(&mut self, headers: &[(HeaderText, HeaderText)]) -> bool {
        if self.names.len() != headers.len() {
            return false;
        }
        for (((old_name, old), name), (new_name, new)) in
            self.texts.iter_mut().zip(&self.names).zip(headers)
        {
            if old_name != new_name {
                return false;
            }
            if old == new {
                continue;
            }
            let Ok(value) = HeaderValue::from_str(new) else { return false };
            self.map.insert(name, value);
            old.clone_from(new);
        }
        true
    }

    fn read(&mut self, request: &SignedRequest, host: &HeaderValue) {
        self.map = header_map(request);
        self.map.entry(HOST).or_insert_with(|| host.clone());
        let names = request.headers().iter();
        let names: Option<Vec<_>> =
            names.map(|(name, _)| HeaderName::from_bytes(name.as_bytes()).ok()).collect();
        // A name that comes twice has no value of its own to be replaced.
        let once = |names: &Vec<HeaderName>| {
            names.iter().all(|name| self.map.get_all(name).iter().count() == 1)
        };
        self.names = names.filter(once).unwrap_or_default();
        self.texts = request.headers().to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::{RequestId, Secret};

    fn request(id: &str) -> SignedRequest {
        let secret = Secret::new("s").unwrap();
        SignedRequest::new(RequestId::new(id).unwrap(), &secret, Vec::new())
    }

    #[test]
    fn every_request_has_its_own_values_and_nothing_of_the_one_before() {
        let host = HeaderValue::from_static("example.com");
        let mut headers = Headers::default();
        let twice = [("X-A", "1"), ("x-a", "2")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        for request in [
            request("1"),
            request("2"),
            request("2").header("X-Tenant", "7"),
            request("3").header("X-Tenant", "8"),
            request("4").with(&twice),
            request("5").with(&twice),
            request("6").without("X-PerfectGym-Signature"),
            request("7").header("Host", "other.example.com"),
            request("8"),
        ] {
            let mut expected = header_map(&request);
            expected.entry(HOST).or_insert_with(|| host.clone());
            assert_eq!(headers.of(&request, &host), expected);
        }
    }
}
