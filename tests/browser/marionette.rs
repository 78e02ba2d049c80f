//! Firefox without a driver: by Marionette, the protocol that it speaks to its own driver.
//!
//! A message is its length in bytes, a colon, and JSON: `[0, id, command, parameters]` there,
//! `[1, id, error, result]` back. Source: Firefox's documentation, "Marionette: Protocol".

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Firefox takes some time to make its profile on a machine that is busy.
const START: Duration = Duration::from_secs(60);

/// What stands before an element's id, by the WebDriver standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Firefox with one window. It is gone when this is dropped.
pub struct Firefox {
    process: Child,
    _profile: TempDir,
    connection: BufReader<TcpStream>,
    sent: u64,
}

impl Drop for Firefox {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Firefox {
    /// Starts it with a new profile and opens a session.
    pub fn start(program: &Path) -> Self {
        let profile = TempDir::new().expect("a temporary folder");
        // Any free port: Firefox writes down which.
        fs::write(profile.path().join("user.js"), "user_pref(\"marionette.port\", 0);\n")
            .expect("its preferences");
        let mut process = Command::new(program)
            .args(["--headless", "--marionette", "--no-remote", "--profile"])
            .arg(profile.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Firefox starts");
        let connection = connect(&mut process, &profile.path().join("MarionetteActivePort"));
        let mut firefox =
            Self { process, _profile: profile, connection: BufReader::new(connection), sent: 0 };
        let greeting = firefox.read();
        assert_eq!(greeting["marionetteProtocol"], 3, "{greeting}");
        firefox.ask("WebDriver:NewSession", json!({ "capabilities": {} }));
        firefox
    }

    /// Opens a page and waits until it is loaded.
    pub fn goto(&mut self, url: &str) {
        self.ask("WebDriver:Navigate", json!({ "url": url }));
    }

    /// Makes the window so large.
    pub fn resize(&mut self, width: u32, height: u32) {
        let place = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.ask("WebDriver:SetWindowRect", place);
    }

    /// Runs a function's body in the page.
    pub fn execute(&mut self, script: &str) -> Value {
        self.ask("WebDriver:ExecuteScript", json!({ "script": script, "args": [] }))
    }

    /// Clicks on the element of a selector.
    pub fn click(&mut self, selector: &str) {
        let found = json!({ "using": "css selector", "value": selector });
        let found = self.ask("WebDriver:FindElement", found);
        self.ask("WebDriver:ElementClick", json!({ "id": found[ELEMENT] }));
    }

    /// Presses a key where focus is.
    pub fn key(&mut self, key: &str) {
        let active = self.ask("WebDriver:GetActiveElement", json!({}));
        let keys = json!({ "id": active[ELEMENT], "text": key });
        self.ask("WebDriver:ElementSendKeys", keys);
    }

    fn ask(&mut self, command: &str, parameters: Value) -> Value {
        self.sent += 1;
        let message = json!([0, self.sent, command, parameters]).to_string();
        let message = format!("{}:{message}", message.len());
        self.connection.get_mut().write_all(message.as_bytes()).expect("Firefox listens");
        let mut answer = self.read();
        assert_eq!(answer[1], self.sent, "{command}: {answer}");
        assert_eq!(answer[2], Value::Null, "{command}: {answer}");
        let mut result = answer[3].take();
        result.get_mut("value").map(Value::take).unwrap_or(result)
    }

    fn read(&mut self) -> Value {
        let mut length = Vec::new();
        self.connection.read_until(b':', &mut length).expect("Firefox answers");
        length.pop();
        let length = String::from_utf8(length).ok().and_then(|length| length.parse().ok());
        let mut message = vec![0; length.expect("a length before the message")];
        self.connection.read_exact(&mut message).expect("the whole message");
        serde_json::from_slice(&message).expect("a message in JSON")
    }
}

fn connect(process: &mut Child, port: &Path) -> TcpStream {
    let start = Instant::now();
    loop {
        let said = fs::read_to_string(port).ok().and_then(|port| port.trim().parse::<u16>().ok());
        if let Some(connection) = said.and_then(|port| TcpStream::connect(("127.0.0.1", port)).ok())
        {
            return connection;
        }
        if start.elapsed() > START || process.try_wait().is_ok_and(|ended| ended.is_some()) {
            drop(process.kill());
            panic!("Firefox opens no window within {START:?}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
