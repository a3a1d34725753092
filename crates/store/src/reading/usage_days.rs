//! Figures day by day: the summaries of Microsoft Graph.

use domain::report::{PasswordCounts, Tally};
use domain::retention::Kept;
use domain::window::Window;

use super::Reader;
use crate::StoreError;

impl Reader {
    pub(super) async fn read_required_in_each(&self, windows: &[Window]) -> Result<Vec<Option<Tally>>, StoreError> {
        let classes = self.classes().await?;
        let mut tallies = Vec::with_capacity(windows.len());
        for window in windows {
            if !self.not_kept(&[Kept::SignIns], *window).await?.is_empty() {
                tallies.push(None);
                continue;
            }
            let mut tally = Tally::default();
            for (class_id, n) in self.class_counts(*window).await? {
                if let Some(class) = classes.get(&class_id) {
                    tally.add(class.facts.mfa_required, n);
                }
            }
            tallies.push(Some(tally));
        }
        Ok(tallies)
    }

    pub(super) async fn read_passwords_in_each(
        &self,
        windows: &[Window],
    ) -> Result<Vec<Option<PasswordCounts>>, StoreError> {
        let mut counts = Vec::with_capacity(windows.len());
        for window in windows {
            let is_kept = self.not_kept(&[Kept::Events], *window).await?.is_empty();
            counts.push(if is_kept { Some(self.password_counts(*window).await?) } else { None });
        }
        Ok(counts)
    }
}
