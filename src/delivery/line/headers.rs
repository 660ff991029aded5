//! The headers of one request after the other, of which few differ.

use hyper::HeaderMap;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue};

use crate::delivery::received::header_map;
use crate::pgm::{HeaderText, SignedRequest};

/// A request's headers as they were and as the HTTP library wants them, to make those of the next
/// from: to read names and values anew is a good part of what sending a request costs.
#[derive(Debug, Default)]
pub(super) struct Headers {
    like: Vec<(HeaderText, HeaderText)>,
    names: Vec<HeaderName>,
    map: HeaderMap,
}

impl Headers {
    /// The headers of a request. `host` and the body's
    /// length are put beside them.
    pub(super) fn of(&mut self, request: &SignedRequest, host: &HeaderValue) -> HeaderMap {
        let mut map = match self.replace_values(request.headers()) {
            Some(map) => map,
            None => {
                self.read(request, host);
                self.map.clone()
            }
        };
        // Where the library would put it in, the map would have to grow.
        map.insert(CONTENT_LENGTH, request.body().len().into());
        map
    }

    /// The same headers with the values that differ. `None` where more than values do.
    fn replace_values(&self, headers: &[(HeaderText, HeaderText)]) -> Option<HeaderMap> {
        if self.names.len() != headers.len() {
            return None;
        }
        let mut map = self.map.clone();
        for (((like_name, like), name), (new_name, new)) in
            self.like.iter().zip(&self.names).zip(headers)
        {
            if like_name != new_name {
                return None;
            }
            if like != new {
                *map.get_mut(name)? = HeaderValue::from_str(new).ok()?;
            }
        }
        Some(map)
    }

    fn read(&mut self, request: &SignedRequest, host: &HeaderValue) {
        self.map = header_map(request);
        self.map.entry(HOST).or_insert_with(|| host.clone());
        self.map.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        let names = request.headers().iter();
        let names: Option<Vec<_>> =
            names.map(|(name, _)| HeaderName::from_bytes(name.as_bytes()).ok()).collect();
        // A name that comes twice has no value of its own to be replaced.
        let once = |names: &Vec<HeaderName>| {
            names.iter().all(|name| self.map.get_all(name).iter().count() == 1)
        };
        self.names = names.filter(once).unwrap_or_default();
        self.like = request.headers().to_vec();
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
            expected.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            assert_eq!(headers.of(&request, &host), expected);
        }
    }
}
