//! A whole process and what it cost.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The cost of one run.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// What all its threads took in its own code, in seconds.
    pub user: f64,
    /// What the kernel took for all its threads, in seconds.
    pub sys: f64,
    /// In seconds.
    pub wall: f64,
    /// Peak resident memory in MiB.
    pub peak: f64,
}

impl Cost {
    /// User and system time, in seconds.
    pub fn cpu(&self) -> f64 {
        self.user + self.sys
    }
}

/// Runs a command to its end, below a small process of its own: what a process held before it became another
/// one counts in the peak of that one, and this one holds the lists of all files.
pub fn run(command: &Command) -> Result<Cost, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let measured = Command::new(own)
        .arg("measure")
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if !measured.status.success() {
        return Err(String::from_utf8_lossy(&measured.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&measured.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [user, sys, wall, peak] => Ok(Cost { user, sys, wall, peak }),
        _ => Err(format!("{command:?} was not measured: {text}")),
    }
}

/// Runs a command and prints what it cost, for [`run`].
pub fn measure(arguments: &[String]) -> Result<(), String> {
    let (program, arguments) = arguments.split_first().ok_or("name a command")?;
    let Cost { user, sys, wall, peak } = cost_of(Command::new(program).args(arguments))?;
    println!("{user} {sys} {wall} {peak}");
    Ok(())
}

fn cost_of(command: &mut Command) -> Result<Cost, String> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let mut stderr = child.stderr.take();
    let said = std::thread::spawn(move || {
        let mut text = String::new();
        if let Some(stderr) = stderr.as_mut() {
            let _ = std::io::Read::read_to_string(stderr, &mut text);
        }
        text
    });
    let (status, usage) = wait(child.id())?;
    let wall = started.elapsed().as_secs_f64();
    let said = said.join().unwrap_or_default();
    if status != 0 {
        return Err(format!("{command:?} failed:\n{said}"));
    }
    let seconds = |time: libc::timeval| {
        (Duration::from_secs(time.tv_sec as u64) + Duration::from_micros(time.tv_usec as u64)).as_secs_f64()
    };
    let (user, sys) = (seconds(usage.ru_utime), seconds(usage.ru_stime));
    Ok(Cost { user, sys, wall, peak: usage.ru_maxrss as f64 / 1024.0 })
}

/// Waits for one child and takes its own usage: that of all children would mix the runs.
fn wait(id: u32) -> Result<(i32, libc::rusage), String> {
    let mut status = 0;
    // SAFETY: `rusage` is plain numbers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live locals, and the child is ours and not yet waited for.
    let waited = unsafe { libc::wait4(id as libc::pid_t, &mut status, 0, &mut usage) };
    if waited < 0 { Err(std::io::Error::last_os_error().to_string()) } else { Ok((status, usage)) }
}
