//! How a parameter is described and read, without knowing where it comes from.
//!
//! A [`Section`] is a struct whose fields are the keys of one table; the `section!` macro
//! writes the struct, its description ([`SectionSpec`]) and its reading from one list. The file formats live
//! above, in `scenario`: they implement [`Reader`].

use super::size::NODES_MAX;
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

/// What a key holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// A whole number within `min..=max`.
    Integer {
        /// The least value allowed.
        min: u64,
        /// The greatest value allowed.
        max: u64,
    },
    /// A finite number within `min..=max`.
    Number {
        /// The least value allowed.
        min: f64,
        /// The greatest value allowed.
        max: f64,
    },
    /// A length of time with its unit: `"90s"`.
    Duration,
    /// A length of time, or a distribution of lengths.
    Law,
    /// An amount of data with its unit: `"1.3GB"`, `"64GiB"`.
    Size,
    /// Data per second with its unit: `"150MB/s"`, `"5Gbit/s"`.
    Bandwidth,
    /// Free text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or a whole number within `min..=max`.
    WordOrInteger {
        /// The words.
        words: &'static [&'static str],
        /// The least value allowed.
        min: u64,
        /// The greatest value allowed.
        max: u64,
    },
    /// A list of values of one shape.
    List(fn() -> Shape),
    /// One value of a shape, or a list of them.
    OneOrMore(fn() -> Shape),
    /// A table whose keys may be any.
    Any,
    /// A table with these keys.
    Table(&'static SectionSpec),
    /// A table of tables that have names of their own, each with these keys.
    Named(&'static SectionSpec),
}

/// A value as read, checked against its [`Shape`].
pub enum Datum<'a> {
    /// For [`Shape::Flag`].
    Flag(bool),
    /// For [`Shape::Integer`] and [`Shape::WordOrInteger`].
    Integer(u64),
    /// For [`Shape::Number`].
    Number(f64),
    /// For [`Shape::Duration`].
    Duration(Span),
    /// For [`Shape::Law`], in seconds.
    Law(Distribution),
    /// For [`Shape::Size`], in bytes.
    Size(u64),
    /// For [`Shape::Bandwidth`], in bytes per second.
    Bandwidth(f64),
    /// For [`Shape::Text`].
    Text(String),
    /// For [`Shape::Choice`] and [`Shape::WordOrInteger`]: which of the words.
    Word(usize),
    /// For [`Shape::List`] and [`Shape::OneOrMore`].
    List(Vec<Datum<'a>>),
    /// For [`Shape::Any`]: each key with its value in TOML.
    Any(Vec<(String, String)>),
    /// For [`Shape::Table`].
    Table(Box<dyn Reader + 'a>),
    /// For [`Shape::Named`], in the order of the file: tables.
    Named(Vec<(String, Datum<'a>)>),
    /// A value that is written but wrong, and reported.
    Wrong,
}

/// The value that holds where a file says nothing.
#[derive(Clone, Copy, Debug)]
pub struct DefaultValue {
    /// As it would be written in a TOML file.
    pub toml: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// One key of a table.
#[derive(Debug)]
pub struct KeySpec {
    /// As written in the file.
    pub name: &'static str,
    /// What it means, with its unit; for people.
    pub doc: &'static str,
    /// What it holds.
    pub shape: fn() -> Shape,
    /// What holds if it is left out; `None`: it must be given unless `optional`.
    pub default: Option<DefaultValue>,
    /// Whether leaving it out switches the thing off.
    pub optional: bool,
}

/// A table's keys.
#[derive(Debug)]
pub struct SectionSpec {
    /// What the table describes; for people.
    pub doc: &'static str,
    /// In the order of the type.
    pub keys: &'static [KeySpec],
}

/// Hands out the values of one table.
///
/// A missing or wrong value is the reader's to report; the section goes on with a placeholder, so that all problems are
/// found in one pass. Unknown keys are found by comparing with the
/// section's [`SectionSpec`].
pub trait Reader {
    /// The value of `key`: written, or its default; `None` where it is absent.
    fn read(&mut self, key: &KeySpec) -> Option<Datum<'_>>;

    /// Whether the value of `key` is that of the section which was read before.
    fn is_known(&self, _: &KeySpec) -> bool {
        false
    }
}

/// A type that one key can hold.
pub trait Field: Sized {
    /// Whether leaving the key out is a value of its own.
    const OPTIONAL: bool = false;
    /// What the key holds.
    fn shape() -> Shape;
    /// From a value of that shape.
    fn from_datum(datum: Datum<'_>) -> Option<Self>;
    /// Stands in for a wrong value until the problems are shown; never simulated.
    fn placeholder() -> Self;
}

/// A type that is read from one table.
pub trait Section: Sized {
    /// The table's keys.
    fn spec() -> &'static SectionSpec;
    /// Reads every key but those that are as in `known`, which was read before.
    fn read(reader: &mut dyn Reader, known: Option<&Self>) -> Self;
}

/// A table that says nothing, not even the defaults.
struct Nothing;

impl Reader for Nothing {
    fn read(&mut self, _: &KeySpec) -> Option<Datum<'_>> {
        None
    }
}

impl<S: Section> Field for S {
    fn shape() -> Shape {
        Shape::Table(S::spec())
    }
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        match datum {
            Datum::Table(mut reader) => Some(S::read(reader.as_mut(), None)),
            _ => None,
        }
    }
    fn placeholder() -> Self {
        S::read(&mut Nothing, None)
    }
}

/// An amount of data in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

/// Data per second, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct BytesPerSecond(pub f64);

/// The size of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nodes(pub u32);

/// A part of a whole, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(pub f64);

/// A list that is written without brackets if it has one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOrMore<T>(pub Vec<T>);

/// The keys of a table that may have any, each with its value in TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyKeys(pub Vec<(String, String)>);

/// A rate per second, above zero.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PerSecond(pub f64);

/// Implements [`Field`] for a type that is read from values of one shape.
macro_rules! field {
    ($type:ty, $shape:expr, $($datum:pat => $value:expr),+; $placeholder:expr) => {
        impl $crate::model::params::Field for $type {
            fn shape() -> $crate::model::params::Shape {
                use $crate::model::params::Shape;
                $shape
            }
            fn from_datum(datum: $crate::model::params::Datum<'_>) -> Option<Self> {
                use $crate::model::params::Datum;
                match datum {
                    $($datum => $value,)+
                    _ => None,
                }
            }
            fn placeholder() -> Self {
                $placeholder
            }
        }
    };
}

/// More nodes, pods or servers than this are refused, so that a slip of the finger cannot fill the memory.
pub const COUNT_MAX: u64 = 10_000_000;
const NUMBER_MAX: f64 = 1e15;

field!(bool, Shape::Flag, Datum::Flag(flag) => Some(flag); false);
field!(u32, Shape::Integer { min: 0, max: COUNT_MAX }, Datum::Integer(n) => u32::try_from(n).ok(); 0);
field!(NonZeroU32, Shape::Integer { min: 1, max: COUNT_MAX },
    Datum::Integer(n) => NonZeroU32::new(u32::try_from(n).ok()?); NonZeroU32::MIN);
field!(Nodes, Shape::Integer { min: 1, max: NODES_MAX }, Datum::Integer(n) => u32::try_from(n).ok().map(Nodes); Nodes(1));
field!(f64, Shape::Number { min: 0.0, max: NUMBER_MAX }, Datum::Number(n) => Some(n); 1.0);
field!(Share, Shape::Number { min: 0.0, max: 1.0 }, Datum::Number(n) => Some(Share(n)); Share(0.0));
field!(PerSecond, Shape::Number { min: 1e-6, max: NUMBER_MAX }, Datum::Number(n) => Some(PerSecond(n)); PerSecond(1.0));
field!(Span, Shape::Duration, Datum::Duration(span) => Some(span); Span::ZERO);
field!(Distribution, Shape::Law, Datum::Law(law) => Some(law);
    Distribution::constant(0.0).expect("zero is a fine constant"));
field!(Bytes, Shape::Size, Datum::Size(bytes) => Some(Bytes(bytes)); Bytes(0));
field!(BytesPerSecond, Shape::Bandwidth, Datum::Bandwidth(rate) => Some(BytesPerSecond(rate)); BytesPerSecond(1.0));
field!(String, Shape::Text, Datum::Text(text) => Some(text); String::new());
field!(AnyKeys, Shape::Any, Datum::Any(keys) => Some(AnyKeys(keys)); AnyKeys(Vec::new()));

impl<T: Field> Field for Vec<T> {
    fn shape() -> Shape {
        Shape::List(T::shape)
    }
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        let Datum::List(list) = datum else { return None };
        list.into_iter().map(T::from_datum).collect()
    }
    fn placeholder() -> Self {
        Vec::new()
    }
}

impl<T: Field> Field for OneOrMore<T> {
    fn shape() -> Shape {
        Shape::OneOrMore(T::shape)
    }
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        Vec::from_datum(datum).map(Self)
    }
    fn placeholder() -> Self {
        Self(Vec::new())
    }
}

impl<T: Field> Field for Option<T> {
    const OPTIONAL: bool = true;
    fn shape() -> Shape {
        T::shape()
    }
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        Some(Some(T::from_datum(datum).unwrap_or_else(T::placeholder)))
    }
    fn placeholder() -> Self {
        None
    }
}

/// Writes a struct, its description and its reading from one list of keys.
///
/// ```text
/// section! {
///     /// What the table describes.
///     pub struct Autoscaler {
///         /// What the key means.
///         scan_interval: Span = "\"10s\"" from "where this default comes from",
///         /// A key that must be given.
///         decision: Distribution,
///     }
/// }
/// ```
macro_rules! section {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $( $(#[doc = $doc:literal])* $key:ident : $type:ty $(= $default:literal from $source:literal)? , )*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])* pub $key: $type, )*
        }

        impl $crate::model::params::Section for $name {
            fn spec() -> &'static $crate::model::params::SectionSpec {
                #[allow(unused_imports, reason = "not every section has a default")]
                use $crate::model::params::{DefaultValue, Field, KeySpec, SectionSpec};
                static SPEC: SectionSpec = SectionSpec {
                    doc: concat!($($about, "\n"),*),
                    keys: &[ $( KeySpec {
                        name: stringify!($key),
                        doc: concat!($($doc, "\n"),*),
                        shape: <$type as Field>::shape,
                        default: $crate::model::params::field::section_default!($($default, $source)?),
                        optional: <$type as Field>::OPTIONAL,
                    } ),* ],
                };
                &SPEC
            }

            fn read(reader: &mut dyn $crate::model::params::Reader, known: Option<&Self>) -> Self {
                use $crate::model::params::field::read_or;
                let mut keys = Self::spec().keys.iter();
                let mut next = || keys.next().expect("a key for every field");
                Self { $( $key: read_or(reader, next(), known.map(|known| &known.$key)), )* }
            }
        }
    };
}

/// The value of a key: the known one where it is the same.
pub(crate) fn read_or<F: Field + Clone>(reader: &mut dyn Reader, key: &KeySpec, known: Option<&F>) -> F {
    match known.filter(|_| reader.is_known(key)) {
        Some(known) => known.clone(),
        None => reader.read(key).and_then(F::from_datum).unwrap_or_else(F::placeholder),
    }
}

macro_rules! section_default {
    () => {
        None
    };
    ($toml:literal, $source:literal) => {
        Some($crate::model::params::DefaultValue { toml: $toml, source: $source })
    };
}

/// Writes an enum of words that a key can hold.
macro_rules! choice {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident { $( $(#[doc = $doc:literal])* $variant:ident = $word:literal, )* }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[doc = $doc])* $variant, )* }

        impl $name {
            /// Every one, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// As they are written, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// As it is written.
            pub const fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }

        $crate::model::params::field::field!($name, Shape::Choice(Self::WORDS),
            Datum::Word(index) => Self::ALL.get(index).copied(); Self::ALL[0]);
    };
}

pub(crate) use {choice, field, section, section_default};
