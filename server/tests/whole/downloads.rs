//! Whole lists as files: the page's query, every row, and nothing that a spreadsheet would compute.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use calamine::{Data, Reader as _, Xlsx};
use domain::role::Role;
use rstest::rstest;
use tower::ServiceExt as _;

use crate::house::{Engine, House, request, user};

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
    assert_eq!(disposition, Some("attachment; filename=\"users-members-2026-11-20T120000Z.csv\""));
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
    let records = (0..6_345).map(|n| {
        let id = format!("00000000-0000-0000-0000-{n:012}");
        user(&id, &format!("user{n}@contoso.com"), "Same Name", n % 2 == 0)
    });
    house.apply(records.collect()).await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let csv = house.get("/users.csv?registered=yes&columns=id&size=10", &[("cookie", &cookie)]).await;
    let mut ids: Vec<&str> = csv.text.split("\r\n").skip(1).filter(|line| !line.is_empty()).collect();
    assert_eq!(ids.len(), 3_173);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3_173);
}

/// Each file reads the database to its end: nobody has more than three of them under way.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn three_files_at_once_are_enough_for_one_person(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let reader = house.sign_in(Role::ReportsReader).await;
    let asked = || request(Method::GET, "/users.csv", &[("cookie", &reader)], Body::empty());
    let mut files = Vec::new();
    for _ in 0..3 {
        let file = house.router.clone().oneshot(asked()).await.expect("an answer");
        assert_eq!(file.status(), StatusCode::OK);
        files.push(file);
    }
    let refused = house.get("/users.csv", &[("cookie", &reader)]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("10")));
    assert!(refused.text.contains("in the background"), "{}", refused.text);
    assert_eq!(house.get("/users", &[("cookie", &reader)]).await.status, StatusCode::OK, "pages are shown");
    let other = house.sign_in(Role::SecurityReader).await;
    assert_eq!(house.get("/users.csv", &[("cookie", &other)]).await.status, StatusCode::OK, "others have their own");
    // One that is read to its end, and one that is given up, make room.
    let whole = axum::body::to_bytes(files.remove(0).into_body(), usize::MAX).await.expect("a file");
    assert!(!whole.is_empty());
    files.remove(0);
    for _ in 0..2 {
        files.push(house.router.clone().oneshot(asked()).await.expect("an answer"));
    }
    assert!(files.iter().all(|file| file.status() == StatusCode::OK));
    assert_eq!(house.get("/users.csv", &[("cookie", &reader)]).await.status, StatusCode::TOO_MANY_REQUESTS);
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

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_workbook_has_the_rows_of_the_csv_as_text_and_dates(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let query = "sort=user_name&columns=user_name&columns=display_name&columns=methods&columns=updated_at";
    let answer = house.download(&format!("/users.xlsx?{query}"), &[("cookie", &cookie)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut workbook = Xlsx::new(std::io::Cursor::new(answer.bytes)).expect("a workbook");
    assert_eq!(workbook.sheet_names(), ["users", "About"]);
    let rows = workbook.worksheet_range("users").expect("rows");
    let text = |row: u32, column: u32| rows.get_value((row, column)).expect("a cell").clone();
    assert_eq!(text(0, 1), Data::String("display_name".to_owned()));
    assert_eq!(text(1, 1), Data::String("=Ada, \"A\"".to_owned()), "text as it is, in quotes of no kind");
    assert_eq!(text(2, 2), Data::String("none".to_owned()), "known to have none");
    assert!(matches!(text(1, 3), Data::DateTime(_)), "{:?}", text(1, 3));
    assert_eq!(rows.height(), 3);
    let formulas = workbook.worksheet_formula("users").expect("no formulas");
    assert!(formulas.used_cells().next().is_none());
    let about = workbook.worksheet_range("About").expect("about");
    let about: Vec<String> = about.rows().map(|row| format!("{}: {}", row[0], row[1])).collect();
    assert!(about.contains(&"Rows: 2".to_owned()), "{about:?}");
    assert!(about.contains(&"As of (UTC): 2026-11-20T12:00:00.000Z".to_owned()), "{about:?}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_file_is_named_after_what_it_is_about(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::ReportsReader).await;
    for (path, name) in [
        ("/users.xlsx?population=admins&as_of=2026-10-01T08:00:00Z", "users-admins-2026-10-01T080000Z.xlsx"),
        ("/events.csv?range=7d", "events-7d-2026-11-20T120000Z.csv"),
        (
            "/events.jsonl?from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z",
            "events-2026-10-01T000000Z-2026-10-02T000000Z.jsonl",
        ),
        ("/sign-ins.csv?range=24h", "sign-ins-24h-2026-11-20T120000Z.csv"),
        ("/mfa/fraud-alerts.xlsx", "mfa-fraud-alerts-30d-2026-11-20T120000Z.xlsx"),
        ("/mfa/servers.jsonl", "mfa-servers-2026-11-20T120000Z.jsonl"),
        ("/lists/mfa-methods.csv", "lists-mfa-methods-2026-11-20T120000Z.csv"),
    ] {
        let answer = house.download(path, &[("cookie", &cookie)]).await;
        let wanted = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.headers["content-disposition"].to_str().ok(), Some(wanted.as_str()), "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_table_of_a_chart_is_a_file_named_after_what_it_is_about(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    for (path, text, name) in [
        (
            "/overview/registrations.csv?range=7d",
            "method,success,failure,total\r\nsms,1,0,1\r\n",
            "registrations-members-7d-2026-11-20T120000Z.csv",
        ),
        (
            "/overview/registrations.csv?range=7d&compare=previous",
            "method,success,failure,total,previous\r\nsms,1,0,1,0\r\n",
            "registrations-members-7d-2026-11-20T120000Z.csv",
        ),
        (
            "/sms-and-voice/departments.csv?population=everyone",
            "name,size,sms_or_voice_only,sms_or_voice_and_better\r\nunknown,2,1,0\r\n",
            "sms-and-voice-departments-everyone-30d-2026-11-20T120000Z.csv",
        ),
    ] {
        let csv = house.get(path, &[("cookie", &cookie)]).await;
        assert_eq!(csv.text, text, "{path}");
        let disposition = format!("attachment; filename=\"{name}\"");
        assert_eq!(csv.header("content-disposition"), Some(disposition.as_str()), "{path}");
    }
    for path in ["/overview/resets.csv?sort_resets=colour", "/sms-and-voice/countries.csv?compare=previous"] {
        let answer = house.get(path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_list_is_a_workbook_too(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    for (list, sheet, rows) in [
        ("sign-ins", "sign-ins", 3),
        ("usage/users", "usage-users", 2),
        ("mfa/activity", "mfa-activity", 2),
        ("mfa/blocked-users", "mfa-blocked-users", 2),
        ("lists/mfa-not-registered", "lists-mfa-not-registered", 0),
    ] {
        let answer = house.download(&format!("/{list}.xlsx"), &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{list}");
        let mut workbook = Xlsx::new(std::io::Cursor::new(answer.bytes)).expect("a workbook");
        assert_eq!(workbook.sheet_names(), [sheet, "About"]);
        let cells = workbook.worksheet_range(sheet).expect("rows");
        assert_eq!(cells.height(), rows + 1, "{list}");
        let headings: Vec<String> = cells.rows().next().expect("headings").iter().map(ToString::to_string).collect();
        assert!(!headings.iter().any(|name| ["ip", "city", "ca_result"].contains(&name.as_str())), "{headings:?}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_text_says_how_the_rows_of_a_list_are_counted(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    for list in ["users", "events", "sign-ins", "usage/users", "mfa/activity", "mfa/blocked-users", "lists/mfa-methods"]
    {
        let csv = house.get(&format!("/{list}.csv?q=a"), &headers).await;
        let link = csv.header("link").expect("a link").to_owned();
        let path =
            link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"describedby\"")).expect("of RFC 8288");
        assert!(path.starts_with(&format!("/{list}.txt?")), "{path}");
        let text = house.get(path, &headers).await;
        assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"), "{list}");
        let lines: Vec<&str> = text.text.lines().collect();
        for line in [
            format!("List: {list}"),
            "As of (UTC): 2026-11-20T12:00:00.000Z".to_owned(),
            format!("Rows: {}", csv.text.lines().count() - 1),
        ] {
            assert!(lines.contains(&line.as_str()), "{list}: no {line} in {lines:#?}");
        }
        assert!(lines.iter().any(|line| line.starts_with("Source: ")), "{lines:#?}");
    }
    let text = house.get("/users.txt?population=guests", &headers).await.text;
    assert!(text.contains("Population: guests, 0 users; left out: 2 member\n"), "{text}");
    for list in ["mfa/servers", "reasons", "usage/applications", "mfa/fraud-alerts"] {
        let text = house.get(&format!("/{list}.txt?population=guests"), &headers).await.text;
        assert!(text.starts_with("List: ") && !text.contains("\nPopulation: "), "it leaves nobody out: {text}");
    }
    let text = house.get("/reasons.txt?range=24h", &headers).await.text;
    assert!(!text.contains("\nWindow"), "{text}");
    let counted =
        "\nOccurrences are counted (UTC): from 2026-11-19T12:00:00.000Z until just before 2026-11-20T12:00:00.000Z\n";
    assert!(text.contains(counted), "{text}");
    let refused = house.get("/sign-ins.txt?ip=203.0.113.9", &headers).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_tables_of_usage_are_files(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    for (table, text) in [
        ("requirements", "required_by,count\r\nconditional_access,1\r\n"),
        ("methods", "method,satisfied,denied,pending,unknown\r\n"),
        ("issues", "mfa_status,error_code,count\r\nuser_declined,,1\r\n"),
        ("statuses", "mfa_result,mfa_status,challenged,count\r\n"),
        ("history", "from,to,sign_ins,satisfied,denied,pending,unknown\r\n"),
    ] {
        let csv = house.get(&format!("/usage/{table}.csv?range=7d"), &[("cookie", &cookie)]).await;
        assert!(csv.text.starts_with(text), "{table}: {}", csv.text);
        let disposition = format!("attachment; filename=\"usage-{table}-7d-2026-11-20T120000Z.csv\"");
        assert_eq!(csv.header("content-disposition"), Some(disposition.as_str()), "{table}");
    }
    let csv = house.get("/usage/statuses.csv", &[("cookie", &cookie)]).await.text;
    assert!(csv.contains("satisfied,completed_in_cloud,yes,1\r\n"), "{csv}");
    let wrong = house.get("/usage/issues.csv?q=x", &[("cookie", &cookie)]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn reasons_are_in_the_language_of_whoever_downloads_them() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::ReportsReader).await;
    let get = async |query: &str, languages: &str| {
        let path = format!("/reasons.csv?kind=status&{query}");
        house.get(&path, &[("cookie", cookie.as_str()), ("accept-language", languages)]).await.text
    };
    let (english, swedish) = (get("lang=en", "sv").await, get("lang=sv", "en").await);
    assert_ne!(english, swedish);
    assert_eq!(get("", "sv;q=0.9, de").await, swedish);
    assert_eq!(get("", "de").await, english);
}
