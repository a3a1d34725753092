//! Whom the rows of histories name.

use domain::report::{ActivityItem, BlockItem, BypassItem, FraudItem};

use super::person::Person;
use crate::language::{Ui, t};

impl<'a> Person<'a> {
    /// The best name there is.
    pub fn name(&self, ui: &Ui) -> &'a str {
        self.display_name.or(self.user_name).or(self.id).unwrap_or_else(|| t!(ui, events.nobody))
    }

    /// What the filter `user` takes for this person.
    pub fn key(&self) -> Option<&'a str> {
        self.id.or(self.user_name)
    }
}

macro_rules! names_a_person {
    ($($item:ty),+) => {$(
        impl<'a> From<&'a $item> for Person<'a> {
            fn from(item: &'a $item) -> Self {
                Self {
                    id: item.user_id.as_deref(),
                    display_name: item.display_name.as_deref(),
                    user_name: item.user_name.as_deref(),
                }
            }
        }
    )+};
}

names_a_person!(ActivityItem, BlockItem, BypassItem, FraudItem);
