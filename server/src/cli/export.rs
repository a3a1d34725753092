//! `keyroll export`: a list as CSV, Excel workbook or JSON lines, with the page's parameters as flags.

use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Subcommand};
use domain::query::{EventsQuery, UsersQuery};
use futures::TryStreamExt as _;

use super::{Console, Place, WrongUsage};
use crate::export::{Exported, Format, file};

#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Registration details: one row per user
    Users(ExportArgs<UsersFlags>),
    /// Registration and reset events
    Events(ExportArgs<EventsFlags>),
}

#[derive(Debug, Args)]
pub struct ExportArgs<F: Flags> {
    /// csv, xlsx or jsonl
    #[arg(long)]
    format: Format,
    #[command(flatten)]
    parameters: Parameters<F>,
}

/// The parameters of a page, each as a flag that may be repeated where the parameter may.
#[derive(Debug)]
pub struct Parameters<F> {
    query: String,
    flags: std::marker::PhantomData<F>,
}

/// The parameters of one list, each with what it says.
pub trait Flags: std::fmt::Debug + Send + Sync + 'static {
    const FLAGS: &'static [(&'static str, &'static str)];
}

const ANSWER: &str = "yes, no or unknown; may be repeated";

#[derive(Debug)]
pub struct UsersFlags;

impl Flags for UsersFlags {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("registered", ANSWER),
        ("enabled", ANSWER),
        ("capable", ANSWER),
        ("mfa_registered", ANSWER),
        ("mfa_capable", ANSWER),
        ("passwordless_capable", ANSWER),
        ("method", "A method id, such as sms; may be repeated"),
        (
            "method_class",
            "sms_or_voice, sms_or_voice_only, sms_or_voice_and_better, phishing_resistant or none; may be repeated",
        ),
        ("department", "May be repeated"),
        ("country", "May be repeated"),
    ];
}

#[derive(Debug)]
pub struct EventsFlags;

impl Flags for EventsFlags {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("feature", "registration or reset"),
        ("status", "success or failure"),
        ("method", "A method id, such as sms; may be repeated"),
        ("user", "Object id or user name; may be repeated"),
    ];
}

/// Parameters of every list; pages and cursors have no meaning where every row is written.
const OF_EVERY_LIST: &[(&str, &str)] = &[
    ("range", "24h, 7d, 30d, 90d or 12mo before as_of"),
    ("from", "The beginning of the window, such as 2026-11-20T12:00:00Z; with to, without range"),
    ("to", "The end of the window; does not belong to it"),
    ("as_of", "The instant the list is about; now where nothing is given"),
    ("population", "members, everyone, guests or admins"),
    ("q", "Search"),
    ("sort", "A column, with - before it for the reverse"),
    ("columns", "A column; repeat for more"),
];

fn flags<F: Flags>() -> impl Iterator<Item = (&'static str, &'static str)> {
    F::FLAGS.iter().chain(OF_EVERY_LIST).copied()
}

fn names<F: Flags>() -> impl Iterator<Item = &'static str> {
    flags::<F>().map(|(name, _)| name)
}

/// The page's own name is the contract; the dash is what fingers type.
fn dashed(name: &str) -> Option<&'static str> {
    Some(match name {
        "as_of" => "as-of",
        "mfa_registered" => "mfa-registered",
        "mfa_capable" => "mfa-capable",
        "passwordless_capable" => "passwordless-capable",
        "method_class" => "method-class",
        _ => return None,
    })
}

impl<F: Flags> Args for Parameters<F> {
    fn augment_args(command: clap::Command) -> clap::Command {
        flags::<F>().fold(command, |command, (name, help)| {
            let flag = Arg::new(name).long(name).help(help).action(ArgAction::Append);
            // `-at` is a sort, not a flag.
            let flag = flag.value_name("VALUE").allow_hyphen_values(true);
            command.arg(match dashed(name) {
                Some(dashed) => flag.alias(dashed),
                None => flag,
            })
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<F: Flags> FromArgMatches for Parameters<F> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in names::<F>() {
            for value in matches.get_many::<String>(name).into_iter().flatten() {
                query.append_pair(name, value);
            }
        }
        Ok(Self { query: query.finish(), flags: std::marker::PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub async fn run(command: ExportCommand, place: &Place) -> anyhow::Result<ExitCode> {
    match command {
        ExportCommand::Users(args) => write::<UsersQuery>(&args.parameters.query, args.format, place).await,
        ExportCommand::Events(args) => write::<EventsQuery>(&args.parameters.query, args.format, place).await,
    }
}

async fn write<Q: Exported>(query: &str, format: Format, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    let query = Q::parse(query, console.clock.now()).map_err(|problem| WrongUsage(problem.to_string()))?;
    let mut parts = file(query, console.reader, format);
    let mut out = BufWriter::new(std::io::stdout());
    while let Some(part) = parts.try_next().await? {
        out.write_all(&part).context("the list could not be written")?;
    }
    out.flush().context("the list could not be written")?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::instant::Instant;

    /// Each list has the flags of its own parameters: none forgotten, none too many.
    #[test]
    fn every_flag_is_a_parameter() {
        fn reads<Q: Exported>(names: impl Iterator<Item = &'static str>) {
            for name in names {
                let error = Q::parse(&format!("{name}=%00"), Instant::from_millis(0)).err().map(|p| p.to_string());
                assert!(!error.unwrap_or_default().contains("no parameter"), "{name}");
            }
        }
        for name in names::<UsersFlags>().chain(names::<EventsFlags>()) {
            assert_eq!(dashed(name).unwrap_or(name), name.replace('_', "-"));
        }
        reads::<UsersQuery>(names::<UsersFlags>());
        reads::<EventsQuery>(names::<EventsFlags>());
    }
}
