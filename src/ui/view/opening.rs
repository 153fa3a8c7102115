//! What is on its way to be shown, and how far it is.

/// Something that takes a while before it can be shown. How much of it is done, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Opening {
    /// A run that came from elsewhere is replayed.
    Run(f64),
    /// A scenario is played for the first time.
    Scenario(f64),
    /// A story is replayed up to a step of it.
    Story(f64),
}

impl Opening {
    /// How much is done, in percent.
    pub fn percent(self) -> u32 {
        let (Self::Run(part) | Self::Scenario(part) | Self::Story(part)) = self;
        (part * 100.0) as u32
    }

    /// What is done, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Run(_) => "Replaying the run before it is shown",
            Self::Scenario(_) => "Playing the scenario before it is shown",
            Self::Story(_) => "Replaying the story up to this step",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_done_before_it_is() {
        assert_eq!(Opening::Scenario(0.999).percent(), 99);
        assert_eq!(Opening::Run(1.0).percent(), 100);
    }
}
