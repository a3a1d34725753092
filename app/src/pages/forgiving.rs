//! Reading a URL with a wrong parameter, far enough to show the page's controls beside the message.

use domain::query::{ProblemKind, QueryProblem};

/// The query, and the first thing that is wrong with it; wrong parameters are left out of the query.
pub fn parse<Q>(
    query: &str,
    read: impl Fn(&str) -> Result<Q, QueryProblem>,
) -> Result<(Q, Option<QueryProblem>), QueryProblem> {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut first = None;
    loop {
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let problem = match read(&text) {
            Ok(query) => return Ok((query, first)),
            Err(problem) => problem,
        };
        let before = pairs.len();
        pairs.retain(|(name, _)| !is_blamed(&problem, name));
        if pairs.len() == before {
            return Err(problem);
        }
        first.get_or_insert(problem);
    }
}

fn is_blamed(problem: &QueryProblem, name: &str) -> bool {
    match problem.kind {
        ProblemKind::RangeAndWindow | ProblemKind::HalfAWindow | ProblemKind::EmptyWindow => {
            matches!(name, "range" | "from" | "to")
        }
        _ => name == problem.parameter,
    }
}

#[cfg(test)]
mod tests {
    use domain::answer::Answer;
    use domain::instant::Instant;
    use domain::query::{UserFlag, UsersQuery};

    use super::*;

    fn users(query: &str) -> (UsersQuery, Option<QueryProblem>) {
        parse(query, |query| UsersQuery::parse(query, Instant::from_millis(0))).expect("nothing is left to be wrong")
    }

    #[test]
    fn the_first_problem_is_told_and_the_rest_kept() {
        let (query, problem) = users("registered=maybe&capable=no&size=0&colour=red&from=2026-01-01T00:00:00Z");
        assert_eq!(problem.expect("there are three").parameter, "registered");
        assert_eq!(query.flag(UserFlag::Capable), [Answer::No]);
        assert_eq!(users("registered=yes").1, None);
    }
}
