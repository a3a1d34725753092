//! Searching sign-ins: by any part of a user's or an application's name, the beginning of an address, or a whole id.
//!
//! Names, applications and addresses have small tables of their own. What is found there leads to its sign-ins by ways
//! that have an index each. Only where too many have the text, sign-ins are passed in the order of time and looked at:
//! then a page is near.

use sea_query::Value;

use super::Reader;
use super::conditions::Conditions;
use super::list::{MANY, Part};
use crate::StoreError;
use crate::packed::pack_id;
use crate::search::Sought;

/// Labels or addresses that are named one by one in a statement.
const MOST_NAMED: usize = 5_000;
/// Applications, each with a way of its own: one's sign-ins are in the order of time, and may be many.
const MOST_APPS: usize = 100;
/// SQLite binds no more than 32,766 values to a statement.
const MOST_VALUES: usize = 30_000;

/// A condition with `?` for each of its values.
type Said = (String, Vec<Value>);

/// What a search finds.
pub(super) struct Found {
    /// No sign-in is on two of them.
    ways: Vec<Way>,
    /// Too many have the text: some have no way here.
    is_cut: bool,
    /// Whether a sign-in is found; one of these.
    alternatives: Vec<Said>,
}

/// Sign-ins that an index has together.
struct Way {
    /// How a statement names the index.
    hint: String,
    conditions: Conditions,
}

/// Names, applications or addresses that have the text, in a table called `d`.
struct Dictionary {
    table: &'static str,
    number: &'static str,
    /// What makes a row one of them.
    said: Said,
    /// Where that is looked for, and what finds the rows that may be.
    from: &'static str,
    narrowed: Option<Said>,
    most: usize,
}

/// Their numbers, of no more than are named one by one.
struct Numbers {
    numbers: Vec<i64>,
    is_cut: bool,
}

impl Found {
    /// Adds whether a sign-in is found.
    pub fn narrow(&self, conditions: &mut Conditions) {
        let (texts, values): (Vec<&str>, Vec<&[Value]>) =
            self.alternatives.iter().map(|(text, values)| (text.as_str(), values.as_slice())).unzip();
        conditions.and(&format!("({})", texts.join(" OR ")), values.concat());
    }

    /// A part of the list for each way, if they lead to all that is found.
    pub fn parts(&self, asked: &Conditions, select: impl Fn(&str) -> String) -> Option<Vec<Part>> {
        let ways = self.narrowed(asked).filter(|_| !self.is_cut)?;
        Some(ways.map(|(hint, conditions)| Part { rank: Vec::new(), select: select(hint), conditions }).collect())
    }

    /// The ways with what else is asked, unless these are more values than a statement takes.
    fn narrowed<'a>(&'a self, asked: &'a Conditions) -> Option<impl Iterator<Item = (&'a str, Conditions)>> {
        let values: usize = self.ways.iter().map(|way| way.conditions.args().len() + asked.args().len()).sum();
        let narrowed = |way: &'a Way| {
            let mut conditions = asked.clone();
            conditions.and_all(&way.conditions);
            (way.hint.as_str(), conditions)
        };
        (values <= MOST_VALUES).then(|| self.ways.iter().map(narrowed))
    }

    /// Adds a way to sign-ins that no alternative has yet.
    fn lead(&mut self, hint: &str, (text, values): &Said) {
        let mut conditions = Conditions::default();
        conditions.and(text, values.iter().cloned());
        for (text, values) in &self.alternatives {
            conditions.and(&format!("({text}) IS NOT TRUE"), values.iter().cloned());
        }
        self.ways.push(Way { hint: hint.to_owned(), conditions });
    }

    /// What was looked for in one more table.
    fn add(&mut self, dictionary: &Dictionary, numbers: &Numbers) {
        self.is_cut |= numbers.is_cut;
        if !numbers.numbers.is_empty() {
            self.alternatives.push(dictionary.of_sign_in(numbers));
        }
    }
}

impl Dictionary {
    /// Of a sign-in, whether it has one of these.
    fn of_sign_in(&self, found: &Numbers) -> Said {
        let Self { table, number, said: (text, values), .. } = self;
        if found.is_cut {
            let exists = format!(
                "EXISTS (SELECT 1 FROM {table} d WHERE d.tenant_id = s.tenant_id AND d.{number} = s.{number} AND {text})"
            );
            return (exists, values.clone());
        }
        among(number, &found.numbers)
    }
}

/// That a sign-in has one of these numbers.
fn among(column: &str, numbers: &[i64]) -> Said {
    let places = vec!["?"; numbers.len()].join(", ");
    (format!("s.{column} IN ({places})"), numbers.iter().map(|n| (*n).into()).collect())
}

/// That a row of `d` has a text in any of its folded columns.
fn having(q: &str, columns: &[&str]) -> Said {
    let mut conditions = Conditions::default();
    conditions.search(Some(q), columns);
    (conditions.unnumbered().trim_start_matches(" WHERE ").to_owned(), conditions.args())
}

impl Reader {
    pub(super) async fn find_sign_ins(&self, q: &str) -> Result<Found, StoreError> {
        let id = q.trim().to_lowercase();
        let mut found = Found { ways: Vec::new(), is_cut: false, alternatives: Vec::new() };
        for (column, index) in [("record_id", "sign_ins_record_idx"), ("attempt", "sign_ins_attempt_idx")] {
            let said = (format!("s.{column} = ?"), vec![pack_id(&id).into()]);
            found.lead(&self.hint(index).await?, &said);
            found.alternatives.push(said);
        }

        let apps = Dictionary {
            table: "apps",
            number: "app_no",
            said: having(q, &["d.name_folded"]),
            from: "apps d",
            narrowed: None,
            most: MOST_APPS,
        };
        let numbers = self.numbers_of(&apps).await?;
        let hint = self.hint("sign_ins_app_idx").await?;
        for app in &numbers.numbers {
            found.lead(&hint, &among("app_no", &[*app]));
        }
        found.add(&apps, &numbers);

        let is_address = !id.is_empty() && id.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':'));
        if self.sees_conditional_access && is_address {
            let from_to = vec![id.as_str().into(), format!("{id}\u{10ffff}").into()];
            let places = Dictionary {
                table: "places",
                number: "place_id",
                said: ("d.ip >= ? AND d.ip < ?".to_owned(), from_to),
                from: "places d",
                narrowed: None,
                most: MOST_NAMED,
            };
            let numbers = self.numbers_of(&places).await?;
            if !numbers.numbers.is_empty() {
                found.lead(&self.hint("sign_ins_place_idx").await?, &among("place_id", &numbers.numbers));
            }
            found.add(&places, &numbers);
        }

        let labels = self.labels_having(q).await?;
        let numbers = self.numbers_of(&labels).await?;
        if !numbers.numbers.is_empty() {
            // There is no index of labels, and one of users.
            let (mut text, mut values) = among("user_id", &self.users_of_labels(&numbers.numbers).await?);
            let (and, more) = among("label_id", &numbers.numbers);
            text.push_str(&format!(" AND {and}"));
            values.extend(more);
            found.lead(&self.hint("sign_ins_user_idx").await?, &(text, values));
        }
        found.add(&labels, &numbers);
        Ok(found)
    }

    /// How many sign-ins a search finds, counted up to one more than [`MANY`]; `None` where its ways do not tell.
    pub(super) async fn count_found(&self, found: &Found, asked: &Conditions) -> Result<Option<i64>, StoreError> {
        let Some(ways) = found.narrowed(asked) else { return Ok(None) };
        let (mut selects, mut args) = (Vec::new(), Vec::new());
        for (hint, conditions) in ways {
            selects.push(format!("SELECT 1 FROM sign_ins s {hint}{}", conditions.sql_after(args.len())));
            args.extend(conditions.args());
        }
        let sql = format!("SELECT COUNT(*) FROM ({} LIMIT {}) AS counted", selects.join(" UNION ALL "), MANY + 1);
        let (rows,) = self.db.row::<(i64,)>(&sql, args).await?.unwrap_or_default();
        Ok((rows > MANY || !found.is_cut).then_some(rows))
    }

    /// The names beside sign-ins that have a text; three letters in a row lead to them in SQLite's index, too.
    async fn labels_having(&self, q: &str) -> Result<Dictionary, StoreError> {
        const TRIGRAMS: &str = "user_label_trigrams";
        let said = having(q, &["d.display_name_folded", "d.user_name_folded"]);
        let mut labels = Dictionary {
            table: "user_labels",
            number: "label_id",
            said,
            from: "user_labels d",
            narrowed: None,
            most: MOST_NAMED,
        };
        if self.db.is_sqlite()
            && let Some(sought @ Sought::Part(_)) = Sought::of(q)
            && let Some(trigrams) = sought.trigrams()
            && !self.is_put_off(TRIGRAMS).await?
        {
            labels.from = "user_label_trigrams CROSS JOIN user_labels d ON d.label_id = user_label_trigrams.rowid";
            labels.narrowed = Some((format!("{TRIGRAMS} MATCH ?"), vec![trigrams.into()]));
        }
        Ok(labels)
    }

    async fn numbers_of(&self, dictionary: &Dictionary) -> Result<Numbers, StoreError> {
        let Dictionary { number, said, from, narrowed, most, .. } = dictionary;
        let mut conditions = Conditions::default();
        conditions.and("d.tenant_id = ?", [self.tenant.0.into()]);
        for (text, values) in narrowed.iter().chain([said]) {
            conditions.and(text, values.iter().cloned());
        }
        let sql = format!("SELECT d.{number} FROM {from}{} LIMIT {}", conditions.sql(), most + 1);
        let rows: Vec<(i64,)> = self.db.rows(&sql, conditions.args()).await?;
        let numbers = rows.iter().take(*most).map(|(n,)| *n).collect();
        Ok(Numbers { numbers, is_cut: rows.len() > *most })
    }

    async fn users_of_labels(&self, labels: &[i64]) -> Result<Vec<i64>, StoreError> {
        let mut conditions = Conditions::default();
        conditions.and("d.tenant_id = ?", [self.tenant.0.into()]).any_of("d.label_id", labels.iter().copied());
        let sql = format!(
            "SELECT DISTINCT COALESCE(u.merged_into, u.user_id) FROM user_labels d \
             JOIN users u ON u.tenant_id = d.tenant_id AND u.user_id = d.subject_id{}",
            conditions.sql()
        );
        let rows: Vec<(i64,)> = self.db.rows(&sql, conditions.args()).await?;
        Ok(rows.into_iter().map(|(user_id,)| user_id).collect())
    }

    /// Names an index to SQLite, which left to itself walks all of the window.
    async fn hint(&self, index: &str) -> Result<String, StoreError> {
        Ok(if self.is_put_off(index).await? { String::new() } else { self.db.by_index(index) })
    }
}
