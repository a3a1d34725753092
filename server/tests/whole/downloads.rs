//! Whole lists as files: the page's query, every row, and nothing that a spreadsheet would compute.

use axum::http::StatusCode;
use domain::role::Role;
use rstest::rstest;

use crate::house::{Engine, House, user};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_csv_has_the_list_with_formulas_defused(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let path = "/users.csv?sort=user_name&columns=user_name&columns=display_name&columns=methods&columns=mfa_capable";
    let csv = house.get(path, &[("cookie", &cookie)]).await;
    assert_eq!(
        csv.text,
        "user_name,display_name,methods,mfa_capable\r\n\
         ada@contoso.com,\"'=Ada, \"\"A\"\"\",mobile_phone; email,unknown\r\n\
         bo@contoso.com,Bo,none,unknown\r\n"
    );
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let disposition = csv.header("content-disposition");
    assert_eq!(disposition, Some("attachment; filename=\"users-2026-11-20T120000Z.csv\""));
    assert_eq!(csv.header("cache-control"), Some("no-store"));
    let jsonl = house.get("/events.jsonl?columns=method&columns=feature", &[("cookie", &cookie)]).await;
    assert_eq!(jsonl.text, "{\"method\":\"sms\",\"feature\":\"registration\"}\n");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_download_has_every_row_and_each_once(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let records = (0..2_345).map(|n| {
        let id = format!("00000000-0000-0000-0000-{n:012}");
        user(&id, &format!("user{n}@contoso.com"), "Same Name", n % 2 == 0)
    });
    house.apply(records.collect()).await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let csv = house.get("/users.csv?registered=yes&columns=id&size=10", &[("cookie", &cookie)]).await;
    let mut ids: Vec<&str> = csv.text.split("\r\n").skip(1).filter(|line| !line.is_empty()).collect();
    assert_eq!(ids.len(), 1_173);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1_173);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_wrong_parameter_makes_no_file(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::ReportsReader).await;
    for path in ["/users.csv?registered=maybe", "/events.csv?colour=red", "/events.jsonl?sort=x"] {
        let answer = house.get(path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.header("content-disposition"), None, "{path}");
    }
}
