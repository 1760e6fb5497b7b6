//! A generic event kernel.
/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// stub
    Exhausted,
    /// stub
    Horizon,
    /// stub
    EventLimit,
    /// stub
    Stopped,
}
