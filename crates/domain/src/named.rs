//! One macro for the enums whose members have a fixed name in URLs, JSON and the database.

/// The text is not one of the names of this enum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of {}", allowed.join(", "))]
pub struct UnknownName {
    pub given: String,
    pub allowed: Vec<&'static str>,
}

/// Declares an enum with `ALL`, `as_str`, `code`/`from_code` (its position, stored in the database: append only),
/// `Display`, `FromStr` and serde by name.
#[macro_export]
macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every member, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in URLs and JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The number in the database: the position in the declaration.
            #[must_use]
            pub const fn code(self) -> i64 {
                self as i64
            }

            /// The member with this number, if there is one.
            #[must_use]
            pub fn from_code(code: i64) -> Option<Self> {
                usize::try_from(code).ok().and_then(|i| Self::ALL.get(i).copied())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::named::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|member| member.as_str() == text).ok_or_else(|| {
                    $crate::named::UnknownName {
                        given: text.to_owned(),
                        allowed: Self::ALL.iter().map(|member| member.as_str()).collect(),
                    }
                })
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as ::serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(::serde::de::Error::custom)
            }
        }
    };
}
