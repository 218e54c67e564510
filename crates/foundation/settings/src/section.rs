//! What can be set.

/// A section, as it is called in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `[brand]`.
    Brand,
    /// `[policy]`.
    Policy,
    /// `[wording]`.
    Wording,
}

impl Section {
    /// All of them.
    pub const ALL: [Section; 3] = [Section::Brand, Section::Policy, Section::Wording];

    /// Its name in rows and in the file.
    pub fn name(self) -> &'static str {
        match self {
            Section::Brand => "brand",
            Section::Policy => "policy",
            Section::Wording => "wording",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.name() == name)
    }
}
