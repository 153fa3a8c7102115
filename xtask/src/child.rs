//! Running other programs, and listening to those that count tests.

use crate::tally::Tally;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};

/// Runs a program to its end; what it prints goes straight through.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    check(command, status)
}

/// Like [`run`], and adds up the summary lines of test runners in its standard output.
pub fn run_counting(command: &mut Command, tally: &mut Tally) -> Result<(), String> {
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| cannot_start(command, &error))?;
    let mut lines = BufReader::new(child.stdout.take().expect("its standard output is piped"));
    let copied = copy_and_count(&mut lines, &mut io::stdout(), tally);
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    copied.map_err(|error| format!("lost the output of `{}`: {error}", shown(command)))?;
    check(command, status)
}

/// What a program prints, if it ends well.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn copy_and_count(
    from: &mut impl BufRead,
    to: &mut impl Write,
    tally: &mut Tally,
) -> io::Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        if let Some(counted) = Tally::of_line(&String::from_utf8_lossy(&line)) {
            *tally += counted;
        }
        line.clear();
    }
    Ok(())
}

fn check(command: &Command, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", shown(command))) }
}

fn cannot_start(command: &Command, error: &io::Error) -> String {
    format!("could not run `{}`: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_goes_through_unchanged_and_is_counted() {
        let text = b"running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored\n\xff\nno end";
        let (mut copy, mut tally) = (Vec::new(), Tally::default());
        copy_and_count(&mut text.as_slice(), &mut copy, &mut tally).expect("memory does not fail");
        assert_eq!(copy, text);
        assert_eq!(tally, Tally { passed: 3, failed: 0 });
    }
}
