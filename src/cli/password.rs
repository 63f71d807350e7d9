//! What opens a private key: asked for, or taken from an environment variable that was named.

use std::io::{self, IsTerminal};

/// The value of a variable, which has to be there.
pub fn from_environment(name: &str) -> Result<String, String> {
    let value = std::env::var_os(name).and_then(|value| value.into_string().ok());
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| format!("the environment variable `{name}` holds no password"))
}

/// Asks on the terminal; nothing that is typed is shown.
pub fn ask(prompt: &str, instead: &str) -> Result<String, String> {
    if !io::stdin().is_terminal() {
        return Err(format!("there is no terminal to ask for the password\nhelp: {instead}"));
    }
    rpassword::prompt_password(prompt).map_err(|error| format!("cannot ask for the password: {error}"))
}

/// Asks twice for a password that is to be.
pub fn ask_for_new() -> Result<String, String> {
    let instead = "name a variable with `--password-env NAME`, or do without one with `--no-password`";
    let first = ask("password for the new key: ", instead)?;
    if first.is_empty() {
        return Err(format!("the password is empty\nhelp: {instead}"));
    }
    match ask("the same again: ", instead)? == first {
        true => Ok(first),
        false => Err("the two passwords differ".to_owned()),
    }
}
