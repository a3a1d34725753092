//! Collections page by page: what a filter finds, as many as a client wants at once, and a link to what follows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::instant::Instant;
use domain::query::{Column, Direction, Sort};
use odata::{BoundFilter, BoundOrder, BoundSelect, EntityType, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use store::Total;

use super::Asked;
use super::error::GraphError;
use super::types::cut;

/// Entities in a page, at most and unless fewer are asked for.
const MOST: u32 = 1000;
/// Rows that are looked at for one page. A filter that finds few among many gives pages with few, and a link each.
const MOST_LOOKED_AT: usize = 10_000;
/// Rows that are looked at to count what a filter finds.
const MOST_COUNTED: usize = 200_000;

/// Rows that come one after the other.
pub struct Chunk {
    /// In their order; `None`: a row that the collection does not have.
    pub entities: Vec<Option<Value>>,
    /// What the rows after these come after; `None`: there are none.
    pub next: Option<String>,
    /// As the rows were counted, for whoever reads on.
    pub counted: Option<Total>,
}

/// A collection that can be read from any place on.
pub trait Rows: Sync {
    /// As many rows, after a place that an earlier chunk named.
    fn read(
        &self,
        after: Option<&str>,
        size: u32,
        counted: Option<Total>,
    ) -> impl Future<Output = Result<Chunk, GraphError>> + Send;

    /// How many entities there are; `None`: only by looking at them.
    fn count(&self) -> impl Future<Output = Result<Option<i64>, GraphError>> + Send;
}

/// What a client asks of a collection.
pub struct Listing {
    pub filter: Option<BoundFilter>,
    /// The filter as a text.
    written: String,
    /// The property to order by and whether it descends, as `status/errorCode`; `None`: the collection's own order.
    pub order: Option<(String, bool)>,
    order_by: BoundOrder,
    /// Where an earlier page ended.
    after: Option<String>,
    /// The instant that all pages tell of.
    pub as_of: Instant,
    select: Option<BoundSelect>,
    size: u32,
    counts: bool,
    entity: EntityType,
}

/// What a link to a page says.
#[derive(Serialize, Deserialize)]
struct SkipToken {
    /// Of the path and the other options: a link is for no other question.
    #[serde(rename = "q")]
    question: String,
    #[serde(rename = "t")]
    as_of: Instant,
    #[serde(rename = "a")]
    after: String,
}

impl Listing {
    /// What is asked of a collection of these entities.
    ///
    /// # Errors
    /// An option is refused, or a link was made for another question.
    pub fn of(asked: &Asked, entity: EntityType) -> Result<Self, GraphError> {
        let query = Query::parse(&asked.query)?;
        let written = query.filter.as_ref().map(ToString::to_string).unwrap_or_default().to_ascii_lowercase();
        let query = query.bind(&entity)?;
        let mut keys = query.order_by.keys().collect::<Vec<_>>();
        let order = keys.pop();
        if !keys.is_empty() {
            return Err(GraphError::bad_request("$orderby: only one property is supported."));
        }
        let (after, as_of) = match query.skip_token {
            None => (None, asked.now),
            Some(text) => {
                let token = URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice(&json).ok());
                let token = token.filter(|token: &SkipToken| token.question == question(&asked.path, &asked.query));
                let message = "$skiptoken: this is not a link of this list; begin at its first page.";
                let SkipToken { as_of, after, .. } = token.ok_or_else(|| GraphError::bad_request(message))?;
                (Some(after), as_of)
            }
        };
        let size = match query.top {
            Some(0) => return Err(GraphError::bad_request("$top: at least 1 has to be asked for.")),
            top => top.unwrap_or(MOST).min(MOST),
        };
        Ok(Self {
            filter: query.filter,
            written,
            order,
            order_by: query.order_by,
            after,
            as_of,
            select: query.select,
            size,
            counts: query.count == Some(true),
            entity,
        })
    }

    /// The order that is asked for, as a list has it; `None`: the list's own.
    ///
    /// # Errors
    /// The list has no such order; `what` is what it lists.
    pub fn sort<C: Column>(&self, what: &str, column: fn(&str) -> Option<C>) -> Result<Option<Sort<C>>, GraphError> {
        let Some((property, descends)) = &self.order else { return Ok(None) };
        let column = column(property)
            .ok_or_else(|| GraphError::bad_request(format!("$orderby: {what} are in no order of '{property}'.")))?;
        let direction = if *descends { Direction::Descending } else { Direction::Ascending };
        Ok(Some(Sort { column, direction }))
    }

    /// Whether the filter has this word.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        self.written.contains(&word.to_ascii_lowercase())
    }

    /// The page, with its context and its link.
    ///
    /// # Errors
    /// Rows cannot be read, or what is to be counted is too much to look at.
    pub async fn page(&self, asked: &Asked, context: &str, rows: &impl Rows) -> Result<Value, GraphError> {
        let mut page = Map::new();
        page.insert("@odata.context".to_owned(), asked.context(context).into());
        if self.counts && self.after.is_none() {
            page.insert("@odata.count".to_owned(), self.count(rows).await?.into());
        }
        let (found, next) = self.found(rows).await?;
        if let Some(after) = next {
            page.insert("@odata.nextLink".to_owned(), self.link(asked, after).into());
        }
        let written = |entity| {
            let entity = cut(entity, self.entity.properties, asked.asks_for_unknown_members);
            self.select.as_ref().map_or(entity.clone(), |select| select.project(&entity))
        };
        page.insert("value".to_owned(), found.into_iter().map(written).collect());
        Ok(Value::Object(page))
    }

    fn matches(&self, entity: &Value) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.matches(entity))
    }

    /// The entities of the page, and what the next one comes after.
    async fn found(&self, rows: &impl Rows) -> Result<(Vec<Value>, Option<String>), GraphError> {
        let wanted = self.size as usize;
        let (mut found, mut looked_at, mut counted) = (Vec::new(), 0, None);
        let mut after = self.after.clone();
        loop {
            let missing = u32::try_from(wanted - found.len()).unwrap_or(MOST);
            let size = if self.filter.is_some() { MOST } else { missing };
            let chunk = rows.read(after.as_deref(), size, counted).await?;
            counted = chunk.counted;
            let length = chunk.entities.len();
            for (at, entity) in chunk.entities.into_iter().enumerate() {
                let Some(entity) = entity.filter(|entity| self.matches(entity)) else { continue };
                found.push(entity);
                if found.len() < wanted {
                    continue;
                }
                if at + 1 == length {
                    return Ok((found, chunk.next));
                }
                // The page ends within the chunk: a shorter one says what comes after its last entity.
                let shorter = u32::try_from(at + 1).unwrap_or(MOST);
                let shorter = rows.read(after.as_deref(), shorter, counted).await?;
                return Ok((found, shorter.next));
            }
            looked_at += length;
            match chunk.next {
                None => return Ok((found, None)),
                Some(next) if looked_at >= MOST_LOOKED_AT => return Ok((found, Some(next))),
                Some(next) => after = Some(next),
            }
        }
    }

    async fn count(&self, rows: &impl Rows) -> Result<i64, GraphError> {
        if self.filter.is_none()
            && let Some(count) = rows.count().await?
        {
            return Ok(count);
        }
        let (mut count, mut looked_at, mut counted, mut after) = (0, 0, None, None);
        loop {
            let chunk = rows.read(after.as_deref(), MOST, counted).await?;
            counted = chunk.counted;
            looked_at += chunk.entities.len();
            count += chunk.entities.iter().flatten().filter(|entity| self.matches(entity)).count();
            match chunk.next {
                None => return Ok(i64::try_from(count).unwrap_or(i64::MAX)),
                Some(_) if looked_at >= MOST_COUNTED => {
                    let message = format!(
                        "$count: more than {MOST_COUNTED} records would have to be looked at to count what this filter \
                         finds; ask without $count, or for a shorter time."
                    );
                    return Err(GraphError::bad_request(message));
                }
                Some(next) => after = Some(next),
            }
        }
    }

    /// The address of the next page: the same question, and where to go on.
    fn link(&self, asked: &Asked, after: String) -> String {
        let token = SkipToken { question: question(&asked.path, &asked.query), as_of: self.as_of, after };
        let token = URL_SAFE_NO_PAD.encode(json!(token).to_string());
        let rest: Vec<&str> =
            options(&asked.query).filter(|(name, _)| !is_skip_token(name)).map(|(_, raw)| raw).collect();
        let rest = rest.join("&");
        let and = if rest.is_empty() { "" } else { "&" };
        format!("{}{}?{rest}{and}$skiptoken={token}", asked.origin, asked.path)
    }
}

/// A collection that is at hand as a whole.
pub struct All(Vec<Value>);

impl All {
    /// In the order that is asked for.
    #[must_use]
    pub fn of(mut entities: Vec<Value>, listing: &Listing) -> Self {
        entities.sort_by(|one, other| listing.order_by.compare(one, other));
        Self(entities)
    }
}

impl Rows for All {
    async fn read(&self, after: Option<&str>, size: u32, counted: Option<Total>) -> Result<Chunk, GraphError> {
        let begin = after.and_then(|after| after.parse().ok()).unwrap_or(0usize).min(self.0.len());
        let end = self.0.len().min(begin + size as usize);
        let entities = self.0[begin..end].iter().cloned().map(Some).collect();
        Ok(Chunk { entities, next: (end < self.0.len()).then(|| end.to_string()), counted })
    }

    async fn count(&self) -> Result<Option<i64>, GraphError> {
        Ok(i64::try_from(self.0.len()).ok())
    }
}

/// The options of a query string: the name, decoded, and the whole as it was written.
fn options(query: &str) -> impl Iterator<Item = (String, &str)> {
    query.split('&').filter(|option| !option.is_empty()).map(|option| {
        let name = form_urlencoded::parse(option.as_bytes()).next().map(|(name, _)| name.into_owned());
        (name.unwrap_or_default(), option)
    })
}

fn is_skip_token(name: &str) -> bool {
    name.trim_start_matches('$').eq_ignore_ascii_case("skiptoken")
}

/// What stands for a path and its options, however they are encoded.
fn question(path: &str, query: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(path.to_ascii_lowercase());
    for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !is_skip_token(name)) {
        hasher.update([0]);
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update(value.as_bytes());
    }
    hex::encode(&hasher.finalize()[..8])
}
