//! A Postgres whose tables belong to somebody else: the rights that `docs/running.md` gives are enough, and no more than that.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::cli::{Console, err, out};
use crate::house::Database;
use crate::killed::{import, lists, organisation, recounted};
use crate::killed_push::token;
use crate::own_postgres::Postgres;
use crate::served::Server;

/// The lines to copy, as they stand in the documentation.
fn documented() -> &'static str {
    let text = include_str!("../../../docs/running.md");
    let lines = text.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next());
    lines.expect("running.md has a block of SQL")
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    ran.map(|_| ()).map_err(|error| error.to_string())
}

fn ok(console: &Console, args: &[&str]) -> String {
    let output = console.run(args);
    assert!(output.status.success(), "{args:?}: {}", err(&output));
    out(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_rights_to_the_schema_does_everything_but_migrate() {
    let Some(postgres) = Postgres::start() else { return };
    let owner = Console { database: Database::at(postgres.url()) };
    let console = Console { database: Database::at(postgres.url().replace("keyroll@", "keyroll_serve@")) };
    let files = console.database.dir().join("files");
    organisation(60, 600, &files);
    ok(&owner, &["migrate"]);
    let mut as_owner = PgConnection::connect(&postgres.url()).await.expect("Postgres answers");
    run(&mut as_owner, documented()).await.expect("what is documented can be run");

    let imported = import(console.command(&[]), &files).output().expect("runs");
    assert_eq!(imported.status.code(), Some(3), "some records are refused, as they are meant to be");
    ok(&console, &["retention", "set", "sign_ins", "--days", "30"]);
    console.add_person("ada", "global-administrator");
    let server = Server::start(&console);
    let (reads, sends) =
        (token(&console, &["--role", "global-administrator"]), token(&console, &["--scope", "ingest"]));
    assert!(server.json(&reads, "/api/v1/overview")["tiles"]["registered"]["yes"].as_i64() > Some(0));
    for page in ["/overview", "/users", "/events", "/sign-ins", "/usage", "/data", "/settings/access-log", "/readyz"] {
        assert_eq!(server.get(&reads, page).status, 200, "{page}");
    }
    let line = br#"{"id":"00000000-0000-0000-0000-0000000000aa","userPrincipalName":"new@contoso.com","isMfaCapable":true,"isMfaRegistered":true,"methodsRegistered":["email"],"isSsprRegistered":true,"isSsprEnabled":true,"isSsprCapable":true,"lastUpdatedDateTime":"2026-10-30T12:00:00Z"}
"#;
    let pushed = server.push(&sends, line).expect("an answer");
    assert_eq!(pushed.status, 200, "{pushed:?}");
    ok(&console, &["retention", "run"]);
    ok(&console, &["user-data", "erase", "new@contoso.com"]);
    recounted(&console);
    ok(&console, &["backup", "all.backup"]);
    let before = lists(&console);
    drop(server);

    // It may nothing else.
    let url = console.database.url.as_str();
    let mut as_served = PgConnection::connect(url).await.expect("Postgres answers");
    for sql in [
        "CREATE TABLE more (id BIGINT)",
        "ALTER TABLE users ADD COLUMN more BIGINT",
        "DROP INDEX users_pkey",
        "DROP TABLE export_parts",
        "TRUNCATE access_log",
        "CREATE FUNCTION more() RETURNS BIGINT LANGUAGE SQL AS 'SELECT 1::BIGINT'",
        "CREATE TRIGGER more AFTER INSERT ON users EXECUTE FUNCTION pg_sleep(1)",
        "DELETE FROM _sqlx_migrations",
        "CREATE EXTENSION pg_stat_statements",
    ] {
        let refused = run(&mut as_served, sql).await.expect_err(sql);
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{sql}: {refused}");
    }

    // An import of the owner's that was killed has left an index to be made: by the owner.
    let index = an_index(&mut as_owner).await;
    let put_off = format!(
        "INSERT INTO deferred_indexes SELECT indexname, indexdef FROM pg_indexes WHERE indexname = '{index}'; \
         DROP INDEX {index}"
    );
    run(&mut as_owner, &put_off).await.expect("put off");
    assert_eq!(lists(&console), before, "right without it");
    ok(&owner, &["migrate"]);
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM deferred_indexes").fetch_one(&mut as_owner).await.expect("n");
    assert_eq!(left, 0);

    // As after an upgrade.
    run(&mut as_owner, "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
        .await
        .expect("an older schema");
    let older = console.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(older.status.code(), Some(1));
    assert!(
        err(&older).contains("run `keyroll migrate` with the DATABASE_URL of the account that owns"),
        "{}",
        err(&older)
    );
    run(&mut as_owner, "INSERT INTO _sqlx_migrations VALUES (9999, 'later', now(), true, '', 0)").await.expect("newer");
    let newer = console.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(err(&newer).contains("9999"), "of a later version: {}", err(&newer));
}

/// One that only readers need.
async fn an_index(connection: &mut PgConnection) -> String {
    const SQL: &str = "SELECT indexname::text FROM pg_indexes WHERE tablename = 'user_states' \
                       AND indexdef LIKE 'CREATE INDEX %' ORDER BY 1 LIMIT 1";
    sqlx::query_scalar(SQL).fetch_one(connection).await.expect("there is one")
}
