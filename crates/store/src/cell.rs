//! The facts about a user that tiles count, packed in one number: the key of `state_rollups`.

use domain::answer::Answer;
use domain::method::{AuthMethod, MethodClass, MethodSet};
use domain::population::Standing;
use domain::query::{UserColumn, UserFlag};
use domain::record::UserType;

/// Layout, from bit 0: recorded, deleted, guest; account enabled (2 bits), admin (2); the six flags of
/// [`UserFlag`] (2 each, value = [`Answer::code`]); whether the methods are known; the user type (2: 0 is
/// unknown); then one bit per method class.
/// Cells are stored: another layout needs another [`crate::services::DERIVATION`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub i64);

const RECORDED: u32 = 0;
const DELETED: u32 = 1;
const GUEST: u32 = 2;
const ACCOUNT: u32 = 3;
const ADMIN: u32 = 5;
const FLAGS: u32 = 7;
const METHODS_KNOWN: u32 = 19;
const USER_TYPE: u32 = 20;
const CLASSES: u32 = 22;

pub struct Facts<'a> {
    pub is_recorded: bool,
    pub is_deleted: bool,
    pub is_guest: bool,
    pub user_type: Option<UserType>,
    pub enabled_account: Answer,
    pub admin: Answer,
    pub flags: [Answer; 6],
    pub methods: Option<&'a MethodSet>,
}

impl Cell {
    pub fn pack(facts: &Facts<'_>) -> Self {
        let mut cell = i64::from(facts.is_recorded) << RECORDED
            | i64::from(facts.is_deleted) << DELETED
            | i64::from(facts.is_guest) << GUEST
            | facts.enabled_account.code() << ACCOUNT
            | facts.admin.code() << ADMIN;
        for flag in UserFlag::ALL {
            cell |= facts.flags[*flag as usize].code() << (FLAGS + 2 * *flag as u32);
        }
        cell |= i64::from(facts.methods.is_some()) << METHODS_KNOWN;
        cell |= facts.user_type.map_or(0, |user_type| user_type.code() + 1) << USER_TYPE;
        for class in MethodClass::ALL {
            let is_in = facts.methods.is_some_and(|methods| methods.is_in(*class));
            cell |= i64::from(is_in) << (CLASSES + *class as u32);
        }
        Self(cell)
    }

    /// The bits that a standing is told by: a cell of the same standing that says nothing else.
    pub const fn of_standing(self) -> Self {
        Self(self.0 & ((1 << FLAGS) - 1))
    }

    pub fn standing(self) -> Standing {
        Standing {
            is_recorded: self.bit(RECORDED),
            is_deleted: self.bit(DELETED),
            is_disabled: self.answer(ACCOUNT) == Answer::No,
            is_guest: self.bit(GUEST),
            is_admin: self.answer(ADMIN) == Answer::Yes,
        }
    }

    pub fn flag(self, flag: UserFlag) -> Answer {
        self.answer(FLAGS + 2 * flag as u32)
    }

    pub fn is_in(self, class: MethodClass) -> bool {
        self.bit(CLASSES + class as u32)
    }

    /// Whether somebody of this cell can have registered a method: its classes say no of many.
    pub fn may_have(self, method: AuthMethod) -> bool {
        let alone = MethodSet::from_ids([method.as_str()]);
        let beside_sms = MethodSet::from_ids([method.as_str(), AuthMethod::Sms.as_str()]);
        let lacks = |class| alone.is_in(class) && !self.is_in(class);
        let is_too_good = !beside_sms.is_in(MethodClass::SmsOrVoiceOnly) && self.is_in(MethodClass::SmsOrVoiceOnly);
        self.bit(METHODS_KNOWN)
            && !self.is_in(MethodClass::None)
            && !lacks(MethodClass::SmsOrVoice)
            && !lacks(MethodClass::PhishingResistant)
            && !is_too_good
    }

    /// What users are sorted by where the column is a fact of the cell; `None` for the other columns.
    pub fn sort_value(self, column: UserColumn) -> Option<i64> {
        let flag = |flag| Some(self.flag(flag).code());
        match column {
            UserColumn::UserType => Some((self.0 >> USER_TYPE & 3) - 1),
            UserColumn::EnabledAccount => Some(self.answer(ACCOUNT).code()),
            UserColumn::Admin => Some(self.answer(ADMIN).code()),
            UserColumn::Registered => flag(UserFlag::Registered),
            UserColumn::Enabled => flag(UserFlag::Enabled),
            UserColumn::Capable => flag(UserFlag::Capable),
            UserColumn::MfaRegistered => flag(UserFlag::MfaRegistered),
            UserColumn::MfaCapable => flag(UserFlag::MfaCapable),
            UserColumn::PasswordlessCapable => flag(UserFlag::PasswordlessCapable),
            UserColumn::Methods => Some(self.strength()),
            _ => None,
        }
    }

    /// [`Self::sort_value`] as SQL over `user_states`; tests compare the two.
    pub fn sort_expression(column: UserColumn) -> String {
        let bit = |class: MethodClass| format!("(s.cell >> {}) & 1 = 1", CLASSES + class as u32);
        match column {
            UserColumn::UserType => "COALESCE(s.user_type, -1)".to_owned(),
            UserColumn::Methods => format!(
                "CASE WHEN s.methods IS NULL THEN 5 WHEN {} THEN 0 WHEN {} THEN 4 WHEN {} THEN 1 WHEN {} THEN 2 ELSE 3 END",
                bit(MethodClass::None),
                bit(MethodClass::PhishingResistant),
                bit(MethodClass::SmsOrVoiceOnly),
                bit(MethodClass::SmsOrVoiceAndBetter)
            ),
            flag => format!("s.{flag}"),
        }
    }

    /// How strong a user's methods are: none, SMS or voice only, SMS or voice beside something better, others,
    /// phishing-resistant, not known.
    fn strength(self) -> i64 {
        if !self.bit(METHODS_KNOWN) {
            return 5;
        }
        let strength = [
            (MethodClass::None, 0),
            (MethodClass::PhishingResistant, 4),
            (MethodClass::SmsOrVoiceOnly, 1),
            (MethodClass::SmsOrVoiceAndBetter, 2),
        ];
        strength.into_iter().find(|(class, _)| self.is_in(*class)).map_or(3, |(_, strength)| strength)
    }

    fn bit(self, shift: u32) -> bool {
        self.0 >> shift & 1 == 1
    }

    fn answer(self, shift: u32) -> Answer {
        Answer::from_code(self.0 >> shift & 3).unwrap_or(Answer::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out() {
        let methods = MethodSet::from_names(["mobilePhone"]);
        let flags = [Answer::Yes, Answer::No, Answer::Unknown, Answer::Yes, Answer::No, Answer::Yes];
        let cell = Cell::pack(&Facts {
            is_recorded: true,
            is_deleted: false,
            is_guest: true,
            user_type: Some(UserType::Guest),
            enabled_account: Answer::No,
            admin: Answer::Yes,
            flags,
            methods: Some(&methods),
        });
        for flag in UserFlag::ALL {
            assert_eq!(cell.flag(*flag), flags[*flag as usize]);
        }
        let standing = cell.standing();
        assert!(standing.is_recorded && !standing.is_deleted && standing.is_guest);
        assert!(standing.is_disabled && standing.is_admin);
        assert!(cell.is_in(MethodClass::SmsOrVoiceOnly) && !cell.is_in(MethodClass::None));
        assert_eq!(cell.sort_value(UserColumn::Methods), Some(1));
        assert_eq!(cell.sort_value(UserColumn::UserType), Some(UserType::Guest.code()));
    }

    proptest::proptest! {
        #[test]
        fn nobody_has_what_the_cell_says_they_cannot_have(
            methods in proptest::collection::vec(proptest::sample::select(AuthMethod::ALL), 0..5),
        ) {
            let set = MethodSet::from_ids(methods.iter().map(|method| method.as_str()));
            let cell = Cell::pack(&Facts {
                is_recorded: true,
                is_deleted: false,
                is_guest: false,
                user_type: None,
                enabled_account: Answer::Yes,
                admin: Answer::No,
                flags: [Answer::Yes; 6],
                methods: Some(&set),
            });
            proptest::prop_assert!(methods.iter().all(|method| cell.may_have(*method)));
            let could = AuthMethod::ALL.iter().filter(|method| cell.may_have(**method)).count();
            proptest::prop_assert!(could < AuthMethod::ALL.len() || set.is_in(MethodClass::PhishingResistant));
        }
    }
}
