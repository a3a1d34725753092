//! A password-reset flow: its steps, in Microsoft's words.

use domain::instant::MINUTE_MS;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::methods::{self, METHODS, Set};
use super::story::Act;

pub const PROGRESS: &str = "Self-service password reset flow activity progress";
pub const RESET: &str = "Reset password (self-service)";

/// One record of a flow.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: i64,
    pub activity: &'static str,
    pub reason: String,
}

/// How one method went in the flow.
#[derive(Debug, Clone)]
pub struct Gate {
    pub at: i64,
    /// `usageAuthMethod`
    pub method: &'static str,
    /// Why not, if it was not completed.
    pub failure: Option<String>,
}

/// All that the logs say of one flow.
#[derive(Debug)]
pub struct Flow {
    pub steps: Vec<Step>,
    pub gates: Vec<Gate>,
    /// Some old records carry no correlation id.
    pub is_correlated: bool,
}

struct Writer<'a> {
    flow: Flow,
    now: i64,
    rng: &'a mut ChaCha8Rng,
}

impl Writer<'_> {
    fn step(&mut self, reason: impl Into<String>) {
        self.now += self.rng.random_range(3_000..MINUTE_MS);
        self.flow.steps.push(Step { at: self.now, activity: PROGRESS, reason: reason.into() });
    }

    fn start(&mut self, gate: &str) {
        self.step(format!("User started the {gate} verification option"));
    }

    fn pass(&mut self, gate: &str, method: &'static str) {
        self.step(format!("User completed the {gate} verification option"));
        self.flow.gates.push(Gate { at: self.now, method, failure: None });
    }

    fn fail(&mut self, method: &'static str, reason: impl Into<String>) {
        let at = self.now;
        let reason = reason.into();
        self.step(reason.clone());
        self.flow.gates.push(Gate { at, method, failure: Some(reason) });
    }

    fn succeed(&mut self) {
        self.step("User completed all verification steps required");
        self.step("User submitted a new password");
        self.step("User successfully reset password");
        self.flow.steps.push(Step {
            at: self.now + 900,
            activity: RESET,
            reason: "Successfully completed reset.".into(),
        });
    }
}

/// The flow an act stands for; the same act always gives the same flow.
pub fn flow(act: &Act, seed: u64, in_outage: bool) -> Flow {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (gate, method) = gate_of(act.methods, &mut rng);
    let second = gate_of(act.methods, &mut rng);
    let mut shape = rng.random_range(0..100u32);
    if in_outage && matches!(method, "mobileSMS" | "mobileCall" | "officePhone") {
        shape = 60 + shape * 30 / 100;
    }
    let is_correlated = shape != 99;
    let flow = Flow { steps: Vec::new(), gates: Vec::new(), is_correlated };
    let mut writer = Writer { flow, now: act.at, rng: &mut rng };
    if is_correlated {
        writer.step("User submitted their user ID");
        writer.step("User was presented with verification options");
    }
    match shape {
        0..34 => {
            writer.start(gate);
            writer.pass(gate, method);
            writer.succeed();
        }
        34..54 => {
            writer.start(gate);
            writer.pass(gate, method);
            if second.1 != method {
                writer.start(second.0);
                writer.pass(second.0, second.1);
            }
            writer.succeed();
        }
        54..60 => {
            // Tried twice, then it worked.
            writer.start(gate);
            writer.start(gate);
            writer.pass(gate, method);
            writer.succeed();
        }
        60..69 => {
            writer.start(gate);
            writer.fail(method, abandoned_after_starting(gate));
        }
        69..75 => {
            writer.start(gate);
            let option = if method == "securityQuestion" { "security question" } else { gate };
            writer.fail(method, format!("User contacted an admin after trying the {option} verification option"));
        }
        75..81 => {
            writer.start(gate);
            writer.fail(method, too_many(method));
        }
        81..86 => {
            // Says so itself, without a record of the start.
            writer.fail(method, too_many(method));
        }
        86..91 => {
            writer.start(gate);
            writer.fail(method, "User cancelled before passing the required authentication methods");
        }
        91..94 => {
            // Gave up on one method, completed another.
            writer.start(gate);
            if second.1 != method {
                writer.start(second.0);
                writer.pass(second.0, second.1);
                writer.succeed();
            }
            let (at, now) = (act.at + MINUTE_MS, writer.now);
            let failure = if second.1 == method { "not completed" } else { "User successfully reset password" };
            writer.flow.gates.push(Gate { at: at.min(now), method, failure: Some(failure.into()) });
        }
        94..96 => {
            writer.start(gate);
            writer.pass(gate, method);
            let option = if method == "securityQuestion" { "security questions" } else { gate };
            let verification = if method == "securityQuestion" { "" } else { " verification" };
            writer.step(format!("User abandoned after completing the {option}{verification} option"));
        }
        96 => {
            // The record of the start never came.
            writer.pass(gate, method);
            writer.succeed();
        }
        97 => {
            writer.start("hardware token");
        }
        _ => writer.start(gate),
    }
    if shape == 98 {
        writer.step(
            "User's account has insufficient authentication methods defined. Add authentication info to resolve this ",
        );
    }
    writer.flow
}

fn abandoned_after_starting(gate: &str) -> String {
    match gate {
        "security questions" => "User abandoned after starting the security questions option".into(),
        _ => format!("User abandoned after starting the {gate} verification option"),
    }
}

fn too_many(method: &str) -> String {
    match method {
        "mobileSMS" => "User entered too many invalid SMS verification codes and is blocked for 24 hours",
        "mobileCall" => "User tried mobile phone voice verification too many times and is blocked for 24 hours",
        "officePhone" => "User tried office phone voice verification too many times and is blocked for 24 hours",
        "securityQuestion" => "User tried to answer security questions too many times and is blocked for 24 hours",
        // Nothing is blocked for the others; the flow just ends.
        _ => "User cancelled before passing the required authentication methods",
    }
    .to_owned()
}

fn gate_of(set: Set, rng: &mut ChaCha8Rng) -> (&'static str, &'static str) {
    let gates: Vec<usize> = methods::members(set).filter(|method| METHODS[*method].gate.is_some()).collect();
    if gates.is_empty() {
        return ("email", "email");
    }
    let chosen = &METHODS[gates[rng.random_range(0..gates.len())]];
    if chosen.registered == "mobilePhone" && rng.random_ratio(1, 3) {
        return ("mobile voice call", "mobileCall");
    }
    (chosen.gate.unwrap_or("email"), chosen.usage)
}
