//! `keyroll generate`: writes a made-up organisation in the real file formats.

use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::instant::Instant;

use crate::generate::{Faults, Settings, write_files, write_stream};

/// Flags of `keyroll generate`.
#[derive(Debug, Clone, clap::Args)]
pub struct GenerateArgs {
    /// People in the directory
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=50_000_000))]
    pub users: u32,
    /// Sign-ins over the whole time
    #[arg(long, default_value_t = 10_000)]
    pub sign_ins: u64,
    /// Days before the end
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub days: u32,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The last instant, such as 2026-11-20T12:00:00Z
    #[arg(long, default_value = "2026-11-20T12:00:00Z")]
    pub end: Instant,
    /// Directory to write into, or - to stream JSON lines of every kind to standard output
    #[arg(long)]
    pub out: String,
    /// Percent of log records that are delivered twice
    #[arg(long, default_value_t = 1.0, value_parser = percent)]
    pub duplicates: f64,
    /// Percent of log records that arrive an hour to seven days late
    #[arg(long, default_value_t = 2.0, value_parser = percent)]
    pub late: f64,
    /// Percent of log records that are sent again with changes
    #[arg(long, default_value_t = 0.5, value_parser = percent)]
    pub resent: f64,
    /// Percent of log records that a broken line goes with
    #[arg(long, default_value_t = 0.0, value_parser = percent)]
    pub malformed: f64,
    /// Percent of log records whose clock is ahead
    #[arg(long, default_value_t = 0.0, value_parser = percent)]
    pub future: f64,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("a percentage is a number from 0 to 100".to_owned()),
    }
}

/// Writes the files, or streams to standard output.
pub fn run(args: GenerateArgs) -> anyhow::Result<ExitCode> {
    let settings = Settings {
        users: args.users,
        sign_ins: args.sign_ins,
        days: args.days,
        seed: args.seed,
        end: args.end,
        faults: Faults {
            duplicates: args.duplicates,
            late: args.late,
            resent: args.resent,
            malformed: args.malformed,
            future: args.future,
        },
    };
    if args.out == "-" {
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        match write_stream(&settings, &mut out) {
            // The reader has had enough, as with `| head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            done => done.context("cannot write to standard output")?,
        }
    } else {
        write_files(&settings, Path::new(&args.out))?;
    }
    Ok(ExitCode::SUCCESS)
}
