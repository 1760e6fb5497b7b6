//! A generic event kernel.
