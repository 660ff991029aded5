//! A fast hash with a key, for tables that hold what strangers wrote.

/// The key of every hash in one run. Whoever writes a capture must not know it, or they could
/// make requests collide: draw it anew for each run, and never store or show it.
#[derive(Clone, Copy)]
pub struct Seed([u64; 4]);

impl Seed {
    /// Spreads 128 random bits over the keys.
    pub fn new(random: u128) -> Self {
        let mut state = random;
        Self(std::array::from_fn(|_| {
            // Weyl sequence and multiply-fold: distinct, well mixed keys from any start.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
            let mixed = fold(state as u64 ^ 0xd6e8_feb8_6659_fd93, (state >> 64) as u64 | 1);
            mixed ^ (state >> 64) as u64 ^ (state as u64).rotate_left(29)
        }))
    }

    /// The hash of some bytes. `domain` keeps apart what is hashed for different purposes.
    pub(super) fn bytes(&self, domain: u64, bytes: &[u8]) -> u64 {
        let [first, second, _, last] = self.0;
        let mut hash = first ^ domain;
        let mut rest = bytes;
        while rest.len() > 16
            && let Some((block, behind)) = rest.split_first_chunk::<16>()
        {
            let both = u128::from_le_bytes(*block);
            hash = fold(both as u64 ^ second, (both >> 64) as u64 ^ hash);
            rest = behind;
        }
        let (low, high) = ends(rest);
        hash = fold(low ^ second, high ^ hash);
        // The length tells how the two ends overlap.
        fold(hash ^ last, bytes.len() as u64 ^ second)
    }

    /// The hash of two hashes, in this order.
    pub(super) fn pair(&self, left: u64, right: u64) -> u64 {
        let [_, _, third, last] = self.0;
        fold(left ^ third, right ^ last).rotate_left(23) ^ left
    }
}

/// Nothing of the key is shown.
impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(hidden)")
    }
}

/// At most 16 bytes as two numbers, that overlap when there are fewer.
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let (Some(low), Some(high)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_le_bytes(*low), u64::from_le_bytes(*high))
    } else if let (Some(low), Some(high)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u32::from_le_bytes(*low).into(), u32::from_le_bytes(*high).into())
    } else {
        let byte = |at: usize| bytes.get(at).copied().map_or(0, u64::from);
        (byte(0) | byte(1) << 8, byte(2))
    }
}

/// All 128 bits of a product, folded into 64.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_length_domain_seed_and_order_all_count() {
        let seed = Seed::new(7);
        let hashes = [
            seed.bytes(0, b""),
            seed.bytes(0, b"\0"),
            seed.bytes(0, b"\0\0"),
            seed.bytes(1, b""),
            seed.bytes(0, &[0; 7]),
            seed.bytes(0, &[0; 16]),
            seed.bytes(0, &[0; 17]),
            seed.bytes(0, &[0; 32]),
            Seed::new(8).bytes(0, b""),
            seed.pair(1, 2),
            seed.pair(2, 1),
            seed.pair(0, 0),
        ];
        let distinct: std::collections::HashSet<_> = hashes.into_iter().collect();
        assert_eq!(distinct.len(), hashes.len());
    }
}
