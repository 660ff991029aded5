//! What a URL says about who is calling.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use url::Url;

/// `Basic …` for a URL with a user or a password in it, as in `https://user:password@host/`.
pub(crate) fn authorization(url: &Url) -> Option<String> {
    let (user, password) = (url.username(), url.password());
    if user.is_empty() && password.is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(user).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password.unwrap_or_default()));
    Some(format!("Basic {}", BASE64_STANDARD.encode(pair)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_decoded() {
        let of = |url: &str| authorization(&url.parse().unwrap());
        // printf '%s' 'ann:p@ss ż' | base64
        assert_eq!(of("http://ann:p%40ss%20%C5%BC@h/").unwrap(), "Basic YW5uOnBAc3Mgxbw=");
        // printf '%s' 'ann:' | base64
        assert_eq!(of("http://ann@h/").unwrap(), "Basic YW5uOg==");
        assert_eq!(of("http://h/"), None);
    }
}
