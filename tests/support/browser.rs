//! Chromium, driven by its DevTools protocol through a pipe: what pages do when they are opened.
//!
//! A page's own policy against scripts is switched off. What a script would do is hooked, so that nothing gets out and
//! everything is told; no host can be found.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The names that Chromium goes by.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The protocol is spoken over the third and fourth stream.
const SHELL: &str = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";

const FLAGS: [&str; 8] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
];

/// Runs before anything of a page.
const HOOKS: &str = "
    const hook = (on, name) => { on[name] = () => ran(name) };
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'eval', 'fetch', 'open', 'Function', 'WebSocket', 'EventSource', 'Worker'])
        hook(window, name);
    hook(navigator, 'sendBeacon');
    hook(XMLHttpRequest.prototype, 'open');
    hook(HTMLFormElement.prototype, 'submit');
";

/// Asked of a page that was loaded: what would run if somebody touched it. Whatever was put off has had its turn.
const LOOK: &str = "(async () => {
    await new Promise(done => setTimeout(done, 0));
    const found = [];
    for (const element of document.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
            if (name.startsWith('on')) found.push(`${element.tagName} ${name}`);
            if (/^(javascript|vbscript):/i.test(value.replace(/[\\u0000-\\u0020]/g, '')) && ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name))
                found.push(`${element.tagName} ${name} ${value}`);
        }
    }
    return found;
})()";

pub struct Browser {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: u64,
    session: Option<String>,
    events: Vec<Value>,
    profile: tempfile::TempDir,
}

/// What a page did.
#[derive(Debug, Default, PartialEq)]
pub struct Seen {
    pub ran: Vec<String>,
    /// Schemes and hosts of everything it asked for, but for what lies beside it.
    pub asked: BTreeSet<String>,
}

impl Browser {
    /// Starts one that has proved that it sees what runs; `None` where there is none.
    pub fn start() -> Option<Self> {
        let name = NAMES.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok())?;
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            .args(["-c", SHELL, name])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut browser = Self { process, to, from, asked: 0, session: None, events: Vec::new(), profile };
        browser.begin();
        browser.prove();
        Some(browser)
    }

    fn begin(&mut self) {
        let target = self.ask("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        self.ask("Target.setDiscoverTargets", json!({"discover": true}));
        let attached = self.ask("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        self.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Network", "Runtime"] {
            self.ask(&format!("{domain}.enable"), json!({}));
        }
        self.ask("Page.setBypassCSP", json!({"enabled": true}));
        self.ask("Runtime.addBinding", json!({"name": "ran"}));
        self.ask("Page.addScriptToEvaluateOnNewDocument", json!({"source": HOOKS}));
        self.events.clear();
    }

    /// A page that does everything, against its own policy, is seen to.
    fn prove(&mut self) {
        let page = "<!doctype html><meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">\
                    <img src=https://other.example/x onerror=alert(1)><script>fetch('/')</script>\
                    <a href=' java&#10;script:x' onclick=x>x</a>";
        let path = self.profile.path().join("bad.html");
        #[expect(clippy::disallowed_methods, reason = "no output is written")]
        std::fs::write(&path, page).unwrap();
        let mut seen = self.open(&path);
        seen.ran.sort();
        let names: Vec<&str> = seen.ran.iter().map(|ran| ran.split_whitespace().next().unwrap()).collect();
        assert_eq!(names, ["A", "A", "IMG", "alert", "fetch"], "{seen:?}");
        assert_eq!(seen.asked, BTreeSet::from(["https://other.example".to_owned()]));
    }

    /// Opens a page, and sees what it does until it is loaded and looked at.
    pub fn open(&mut self, path: &Path) -> Seen {
        let address = format!("file://{}", path.canonicalize().unwrap().display());
        self.go(&address);
        let look = self.answer(LOOK);
        let found = look.as_array().unwrap_or_else(|| panic!("{look}"));
        let mut seen =
            Seen { ran: found.iter().map(|what| what.as_str().unwrap().to_owned()).collect(), ..Seen::default() };
        for event in std::mem::take(&mut self.events) {
            seen.take(&event, &address);
        }
        seen
    }

    /// Goes to an address, and waits until the page there is loaded.
    pub fn go(&mut self, address: &str) {
        self.events.clear();
        // A page that differs in its fragment alone would not be loaded again.
        self.ask("Page.navigate", json!({"url": "about:blank"}));
        self.loaded();
        self.events.clear();
        self.ask("Page.navigate", json!({"url": address}));
        self.loaded();
    }

    fn loaded(&mut self) {
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            self.hear();
        }
    }

    /// Keeps to the pages' own policies from here on, with a hook that runs before anything of a page.
    #[allow(dead_code, reason = "not every test asks for it")]
    pub fn obey(&mut self, hook: &str) {
        self.ask("Page.setBypassCSP", json!({"enabled": false}));
        self.ask("Page.addScriptToEvaluateOnNewDocument", json!({"source": hook}));
    }

    /// What an expression comes to on the page.
    pub fn answer(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        self.ask("Runtime.evaluate", asked)["result"]["value"].clone()
    }

    /// Asks for something and gives back the answer; what happens meanwhile is kept.
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let number = self.asked;
        let mut message = json!({"id": number, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            if let Some(answer) = self.hear().filter(|answer| answer["id"] == number) {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// An answer; `None` if it is an event instead.
    fn hear(&mut self) -> Option<Value> {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).unwrap();
        let message = bytes.strip_suffix(b"\0").expect("Chromium has ended");
        let message: Value = serde_json::from_slice(message).unwrap();
        if message.get("id").is_some() {
            return Some(message);
        }
        self.events.push(message);
        None
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Seen {
    fn take(&mut self, event: &Value, page: &str) {
        let parameters = &event["params"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.bindingCalled" => self.ran.push(text(&parameters["payload"])),
            "Page.javascriptDialogOpening" => self.ran.push("a dialog".to_owned()),
            "Target.targetCreated" if parameters["targetInfo"]["type"] == "page" => {
                self.ran.push("a window".to_owned())
            }
            "Page.frameNavigated" if parameters["frame"]["url"] != page => {
                self.ran.push(format!("a way to {}", parameters["frame"]["url"]));
            }
            "Network.requestWillBeSent" => {
                let address = text(&parameters["request"]["url"]);
                let host = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                if !address.starts_with("file://") && !address.starts_with("data:image/") {
                    self.asked.insert(host);
                }
            }
            _ => {}
        }
    }
}
