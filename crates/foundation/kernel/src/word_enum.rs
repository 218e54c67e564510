//! Enumerations whose members are the same word in rows, in the API and in the interface.

/// Declares an enumeration by its members and their words, with `ALL`, `as_str` and `parse`.
#[macro_export]
macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them, in their order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word used in rows, in the API and in the interface.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Reads the word.
            pub fn parse(word: &str) -> $crate::Result<Self> {
                match word {
                    $($word => Ok($name::$variant),)+
                    _ => Err($crate::Error::invalid("unknown_word", concat!("Use one of: ", $($word, " "),+))),
                }
            }
        }
    };
}
