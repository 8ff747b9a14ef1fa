//! Closed sets of names: one table gives the enum, its storage text, its Chinese text and the way back.

/// Makes a `Copy` enum whose rows read `Variant, "text", "中文";`, with `ALL`, `as_str`, `zh`, `parse`, `Display` and serde by text.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident, $text:literal, $zh:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(#[doc = $zh] #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in storage and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
            /// The Chinese text shown to users.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)* }
            }
            /// Reads the storage name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use names;

#[cfg(test)]
mod tests {
    names! {
        /// Two of a kind.
        Pair { One, "one", "一"; TwoOfThem, "two_of_them", "二"; }
    }

    #[test]
    fn every_form_agrees() {
        assert_eq!(Pair::parse("two_of_them"), Some(Pair::TwoOfThem));
        assert_eq!(Pair::parse("three"), None);
        assert_eq!(serde_json::to_string(&Pair::ALL).expect("json"), r#"["one","two_of_them"]"#);
        assert_eq!(serde_json::from_str::<Pair>("\"one\"").expect("a name"), Pair::One);
        assert_eq!(format!("{:>5}{}", Pair::One, Pair::One.zh()), "  one一");
    }
}
