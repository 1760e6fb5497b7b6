//! Streams and distributions.
/// stub
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(f64);
impl Distribution {
    /// stub
    pub fn constant(v: f64) -> Result<Self, String> {
        Ok(Self(v))
    }
}
